"""The closing minute of `burst`, from the evening before to the lots' closing."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from audit.services.keys import log_key
from bench import _burst_raw as raw
from bench import _burst_world as scene
from bench import _kit
from bench._burst_door import Answer, Job, Report, Shift
from bench._burst_door import work as send
from bench._together import together
from core.clock import VARIABLE, StoryClock, real_now, write_story
from sealing.receipts import verify
from tests import worlds
from trading.models import Bid
from trading.services import closing

_HELD_BACK = 20  # of all, for the last moment
_P99 = 0.99
# A slow machine shall take long, not come late.
_AMPLE = timedelta(hours=1)
_SHORT = timedelta(milliseconds=500)


def measured(folder: Path, *, lots: int, bids: int) -> dict[str, dict[str, Any]]:
    """Return figures, peers and ratios as `bench/burst.py` defines them."""
    url, cores = os.environ["DATABASE_URL"], os.cpu_count() or 1
    *regular, tardy = scene.bidders(bids + 1, folder=folder)

    def prepared(count: int, *, first: int) -> tuple[list[worlds.World], list[Job]]:
        _kit.say(f"preparing {count} lots of {bids} bids")
        made = list(scene.lots(count, first=first))
        # Lot by lot in turn, as they come in a real minute.
        return made, [scene.ready(world, bidder) for bidder in regular for world in made]

    few = max(1, lots // 10)
    made, jobs = prepared(lots, first=0)
    late = [scene.ready(world, tardy) for world in made]
    alone, profiled = (prepared(few, first=lots + few * turn)[1] for turn in range(2))

    def shift(jobs: Sequence[Job], **more: Any) -> Shift:
        return Shift(jobs=jobs, deadline=scene.DEADLINE, **more)

    minutes_before, moments_before = (partial(_set_clock, before) for before in (_AMPLE, _SHORT))
    minutes_before()
    _kit.say("one process alone")
    (one,) = together(send, [shift(alone)], begin=minutes_before)
    (shares,) = together(send, [shift(profiled, profiled=True)], begin=minutes_before)
    _kit.say(f"{cores} processes, {len(jobs)} bids")
    txid = raw.transaction_id(url)
    held = jobs[: min(_HELD_BACK, len(jobs) // 2)]
    rest = jobs[len(held) :]
    turns = range(cores)
    whole: list[Report] = together(
        send, [shift(rest[turn::cores]) for turn in turns], begin=minutes_before
    )
    ends: list[Report] = together(
        send,
        [shift((), last=held[turn::cores], late=late[turn::cores]) for turn in turns],
        begin=moments_before,
    )
    transactions = raw.written_since(url, txid=txid, transactions=len(jobs))
    counted = outcome([*whole, *ends], made)
    taken = sum(max(report.seconds for report in reports) for reports in (whole, ends))
    rates = []
    for turn in range(1, _kit.ROUNDS + 1):
        split = [(url, transactions[each::cores]) for each in range(cores)]
        rates.append(len(transactions) / max(together(raw.work, split)))
        _kit.say(f"round {turn}  raw_insert {rates[-1]:10.1f}")
        raw.empty(url)
    return {
        "figures": {
            **counted,
            "seconds": round(taken, 2),
            "per_second": round(len(jobs) / taken, 1),
            "per_second_1": round(len(alone) / one.seconds, 1),
            "processes": cores,
            "shares": {name: round(share, 3) for name, share in shares.shares.items()},
        },
        "peers": {
            "raw_insert_per_second": round(median(rates), 1),
            "raw_rows_per_bid": dict(raw.sizes(transactions)),
        },
        "ratios": {"finalise_vs_raw_insert": len(jobs) / taken / median(rates)},
    }


def _set_clock(before: timedelta) -> None:
    clock = StoryClock(real=real_now(), story=scene.DEADLINE - before)
    write_story(Path(os.environ[VARIABLE]), clock)


def outcome(reports: Sequence[Report], made: Sequence[worlds.World]) -> dict[str, float]:
    """Close the lots and compare what their bidders hold with what the closing set holds."""
    in_time = list(chain.from_iterable((*report.jobs, *report.last) for report in reports))
    late = list(chain.from_iterable(report.late for report in reports))
    for world in made:
        assert closing.close(lot_id=world.lot.pk, now=scene.DEADLINE + closing.GRACE)
    live = {
        str(pk): receipt
        for pk, receipt in Bid.objects.filter(
            lot__in=[world.lot.pk for world in made], lot__state="CLOSED", state="SEALED"
        ).values_list("pk", "receipt")
    }

    def is_final(answer: Answer) -> bool:
        if not answer.receipt or live.get(answer.bid) != answer.receipt:
            return False
        return verify(answer.receipt, log_key=log_key()).entry.bid == answer.bid

    finalised = sum(map(is_final, in_time))
    refused = [answer for answer in in_time if answer.code.startswith("B-")]
    times = sorted(answer.milliseconds for report in reports for answer in report.jobs)
    for code in sorted({answer.code for answer in (*in_time, *late)} - {""}):
        _kit.say(f"refused {code}: {sum(one.code == code for one in (*in_time, *late))}")
    return {
        "finalised": finalised,
        "lost": len(in_time) - finalised - len(refused),
        "refused_in_time": len(refused),
        "late_sent": len(late),
        "late_accepted": sum(answer.bid in live or bool(answer.receipt) for answer in late),
        "p99_ms": round(times[math.ceil(_P99 * len(times)) - 1], 1),
    }
