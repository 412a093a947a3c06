"""The opening: bidders come, the host presses the one button, both sides release, all sign."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta

from config.demo_world.hands import Act
from config.demo_world.job import Job
from config.demo_world.plans import Stage
from sealing import header as headers
from sealing.encoding import b64u
from sealing.keys import OpeningKey
from sealing.shares import release as unbox
from trading.models import Bid, Opening
from trading.services.opening import (
    advance,
    answers,
    desk,
    ending,
    opening_forms,
    releasing,
    seating,
)
from trading.services.opening.state import locked

_COMES_BEFORE = timedelta(minutes=25)
_MINUTE = timedelta(minutes=1)
_OVER = frozenset({"END", "FAILED"})


def course(job: Job, *, tick: Callable[[datetime], None]) -> Generator[datetime, datetime, None]:
    """From the lobby to the signed record, or as far as the plan goes."""
    plan = job.plan
    now = yield plan.deadline_at - _COMES_BEFORE
    tick(now)
    for username in _talkative(job):
        _sign_in(job, username, now=now)
    if plan.stage is Stage.ABOUT_TO_OPEN:
        return
    now = yield plan.deadline_at + timedelta(seconds=10)
    tick(now)
    _name_staff(job, now=now)
    while (opening := job.opening).stage not in _OVER:
        now = yield max(now + _MINUTE, _ends(opening) or now)
        if opening.stage == "DECRYPT_BIDDER":
            _bidders_release(job, now=now)
            if plan.stage is Stage.DECRYPTING:
                return
        act = {"DECRYPT_TENDERER": _host_releases, "SIGN": _sign_record}.get(opening.stage, _press)
        act(job, now=now)
        if job.opening.stage == "CONFIRM" and opening.stage != "CONFIRM":
            _confirm(job, now=now)


def _talkative(job: Job) -> list[str]:
    """Everybody but the last, who neither signs in nor answers, as happens."""
    return list(job.parties)[:-1]


def _sign_in(job: Job, username: str, *, now: datetime) -> None:
    who = job.cast[username]
    who.does(
        "trading:hall-sign-in",
        lambda _: seating.sign_in(party=job.party(username), person=who.person, now=now),
        args={"lot": job.lot_id},
        now=now,
    )


def _name_staff(job: Job, *, now: datetime) -> None:
    staff = {"host": job.host.person.name, "recorder": "杨帆", "witness": "沈明"}
    job.host.does(
        "trading:desk-staff",
        lambda _: desk.name_staff(locked(job.lot_id), staff=staff, actor=job.host.actor, now=now),
        args={"lot": job.lot_id},
        fields=staff,
        now=now,
    )


def _press(job: Job, *, now: datetime) -> None:
    expected = job.opening.stage
    job.host.does(
        "trading:desk-advance",
        lambda _: advance.advance(
            lot_id=job.lot_id, expected=expected, actor=job.host.actor, now=now
        ),
        args={"lot": job.lot_id},
        fields={"expected_stage": expected},
        now=now,
    )


def _ends(opening: Opening) -> datetime | None:
    """Return when the running timer of this stage is over."""
    if opening.stage == "OBJECTION":
        return opening.objection_ends_at
    return opening.confirm_ends_at if opening.stage == "CONFIRM" else None


def _bidders_release(job: Job, *, now: datetime) -> None:
    for username, key in job.opening_keys.items():
        if username in job.plan.silent:
            continue
        _release(job, username, key, now=now)


def _release(job: Job, username: str, key: OpeningKey, *, now: datetime) -> None:
    who, party = job.cast[username], job.party(username)
    bid = party.bids.get(state="SEALED")
    share = unbox(headers.parse(bid.header.encode()), label="bidder", key=key)
    who.does(
        "trading:hall-release",
        lambda act: releasing.release(
            party=party,
            share=share.secret,
            signature=act.signature,
            actor=who.actor,
            now=now,
        ),
        purpose="release",
        args={"lot": job.lot_id},
        fields={"bid": bid.pk, "share": b64u(share.secret)},
        now=now,
    )


def _host_releases(job: Job, *, now: datetime) -> None:
    released = Bid.objects.filter(lot=job.lot_id, state="RELEASED")
    shares = {
        bid.pk: unbox(headers.parse(bid.header.encode()), label="host", key=job.host_key).secret
        for bid in released
    }

    def release(act: Act) -> None:
        releasing.release_host(
            lot_id=job.lot_id,
            shares=shares,
            unboxable=(),
            signature=act.signature,
            actor=job.host.actor,
            now=now,
        )

    job.host.does(
        "trading:hall-host-release",
        release,
        purpose="host-release",
        args={"lot": job.lot_id},
        now=now,
    )
    opening_forms.open_lot(lot_id=job.lot_id, now=now)
    opening_forms.open_packages(lot_id=job.lot_id, now=now)


def _confirm(job: Job, *, now: datetime) -> None:
    for username in _talkative(job):
        _confirm_one(job, username, now=now)


def _confirm_one(job: Job, username: str, *, now: datetime) -> None:
    who, record = job.cast[username], job.opening.record_hash
    who.does(
        "trading:hall-confirm",
        lambda act: answers.confirm(
            party=job.party(username),
            record_hash=record,
            signature=act.signature,
            actor=who.actor,
            now=now,
        ),
        purpose="confirm",
        args={"lot": job.lot_id},
        fields={"record_sha256": record},
        now=now,
    )


def _sign_record(job: Job, *, now: datetime) -> None:
    record = job.opening.record_hash

    def sign(act: Act) -> Opening:
        return ending.sign_record(
            lot_id=job.lot_id,
            record_hash=record,
            signature=act.signature,
            actor=job.host.actor,
            now=now,
        )

    job.host.does(
        "trading:desk-sign-record",
        sign,
        purpose="sign-record",
        args={"lot": job.lot_id},
        fields={"record_sha256": record},
        now=now,
    )
