"""Check a told story as an outsider would: receipts, log, openings, draws, ranking, ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stories.door import Session
from stories.play import Play


@dataclass(slots=True, kw_only=True)
class Verdicts:
    """What held."""

    receipts: bool = True
    log: bool = False
    openings: bool = True
    draws: bool = True
    ranking: bool = True
    trial_balance_fen: int = 0
    complaints: list[str] = field(default_factory=list)

    @property
    def all_hold(self) -> bool:
        """Tell whether nothing was refuted."""
        return (
            all((self.receipts, self.log, self.openings, self.draws, self.ranking))
            and self.trial_balance_fen == 0
        )


def collect(play: Play) -> None:
    """Fetch what is taken home: papers, the log's key and state, openings, receipts."""
    play.system.settle()  # the last paper may still wait for its seal
    with Session(play.system.url) as visitor:
        for paper in play.issued:
            reader = visitor if paper.is_public else play.cast.host
            play.keep(paper.name, f"{paper.name}.pdf", reader.fetch(paper.address))
        _collect(play, visitor)


def _collect(play: Play, visitor: Session) -> None:
    play.keep("notice", "notice.pdf", visitor.fetch(f"/notices/{play.tender}/notice.pdf"))
    play.keep("log-key", "log-key.pub", visitor.fetch("/log/key"))
    play.keep("checkpoint", "checkpoint.txt", visitor.fetch("/log/checkpoint"))
    size = (play.out / "checkpoint.txt").read_text(encoding="utf-8").splitlines()[1]
    for key, part in play.lots.items():
        if part.opening is not None:
            address = f"/openings/{part.id}/opening.json?size={size}"
            play.keep(f"opening-{key}", f"opening-{key}.json", visitor.fetch(address))
        if part.case is not None:
            body = json.dumps(part.case, ensure_ascii=False).encode("utf-8")
            play.keep(f"case-{key}", f"case-{key}.json", body)
    for bid in play.story.bids:
        taken = play.parts[bid.key].receipts
        if taken:
            body = taken[-1].receipt.encode("ascii")
            play.keep(f"receipt-{bid.key}", f"receipts/{bid.key}.jws", body)


def verify(play: Play) -> Verdicts:
    """Run every check there is."""
    found = Verdicts()
    key = str(play.out / "log-key.pub")
    checkpoint = str(play.out / "checkpoint.txt")
    for bid in play.story.bids:
        for taken in play.parts[bid.key].receipts:
            file = play.work / f"{taken.receipt_id}.jws"
            file.write_text(taken.receipt, encoding="ascii")
            found.receipts &= _sealing(("verify-receipt", str(file), "--log-key", key), found)
    for name, part in play.lots.items():
        if part.opening is not None:
            words = (
                *("verify-opening", str(play.out / f"opening-{name}.json")),
                *("--checkpoint", checkpoint, "--log-key", key, *_receipts(play, name)),
            )
            found.openings &= _sealing(words, found)
        if part.panel:
            found.draws &= _manage(play, found, "verify_draw", "experts", part.panel)
        if part.case is not None:
            if part.case["outcome"] and part.case["case"].get("draws"):
                found.draws &= _manage(play, found, "verify_draw", "ties", part.panel)
            file = play.out / f"case-{name}.json"
            found.ranking &= _manage(play, found, "recompute_ranking", str(file))
    found.log = _manage(play, found, "verify_log", "--checkpoint", checkpoint, "--log-key", key)
    ledger = play.system.manage("check_ledger")
    found.trial_balance_fen = int(ledger.body.get("trial_balance_fen", 0))
    if ledger.code:
        found.complaints.append(f"check_ledger: {ledger.body or ledger.complaint}")
        found.trial_balance_fen = found.trial_balance_fen or 1
    return found


def _receipts(play: Play, lot: str) -> list[str]:
    words: list[str] = []
    for bid in play.story.bids_of(lot):
        for taken in play.parts[bid.key].receipts:
            words += ["--receipt", str(play.work / f"{taken.receipt_id}.jws")]
    return words


def _sealing(words: Sequence[str], found: Verdicts) -> bool:
    """Run the bidders' own tool, which knows nothing of the platform."""
    done = subprocess.run(  # noqa: S603 - our own tool with words we made
        [sys.executable, "-m", "sealing", *words],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        found.complaints.append(f"{words[0]}: {done.stdout.strip() or done.stderr.strip()}")
    return done.returncode == 0


def _manage(play: Play, found: Verdicts, *words: str) -> bool:
    answer = play.system.manage(*words)
    if answer.code:
        told = json.dumps(answer.body, ensure_ascii=False) if answer.body else ""
        found.complaints.append(f"{' '.join(words[:2])}: {told} {answer.complaint}")
    return answer.code == 0
