"""Seal the papers the platform issues, after the act that issued them and never inside it.

The act keeps its paper and asks for the seal; a worker seals, since it needs a word from the
timestamp authority. While that is silent the paper waits, and nothing else does.
"""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import SealedPaper
from accounts.services import seal_key
from audit.services import timestamps
from core.zone import local

log = logging.getLogger(__name__)

BATCH = 20
# Waits after the first, second … failure; the last one is repeated for ever.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900))


class NotSealed(Exception):  # noqa: N818 - named as what happened
    """What came of sealing is not a seal that would hold."""


def want(*, file: str, content: bytes, now: datetime) -> SealedPaper:
    """Ask for a seal on a paper that was just kept; call it in the transaction of the act."""
    from accounts.tasks import seal_papers  # noqa: PLC0415 - the task imports this module

    wanted = SealedPaper.objects.create(
        file=file,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        wanted_at=now,
        due_at=now,
    )
    if seal_key.is_set_up():
        # The clock asks as well: a queue that fails here must not fail the act.
        transaction.on_commit(seal_papers.enqueue, robust=True)
    return wanted


def seal_due(*, now: datetime) -> int:
    """Seal what is due; return how many papers got their seal from this call."""
    if not seal_key.is_set_up():
        return 0
    sealed = 0
    due = SealedPaper.objects.filter(at__isnull=True, due_at__lte=now).order_by("due_at", "id")
    for paper in due[:BATCH]:
        try:
            sealed += _seal(paper, now=now)
        except OSError as error:
            # Most likely the authority; it would let the next paper wait just as long.
            log.warning("paper %s is not sealed yet: %s", paper.pk, error)
            _put_off(paper, now=now)
            break
        except Exception:
            log.exception("paper %s cannot be sealed", paper.pk)
            _put_off(paper, now=now)
    return sealed


def _seal(paper: SealedPaper, *, now: datetime) -> bool:
    """Seal one paper; False when another worker was faster."""
    # Loading the library takes a second, which only a worker that seals should spend.
    from core.pades import reading, signing  # noqa: PLC0415

    with default_storage.open(paper.file) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise NotSealed("the kept file is not the one that was issued")
    certificate = seal_key.certificates()[0]
    sealed = signing.seal(
        content,
        by=signing.SealKey(key=seal_key.key(), certificate=certificate, between=seal_key.between()),
        lines=_lines(seal_key.holder(certificate), at=now),
        reason="平台签发",
        at=now,
        ask=timestamps.ask,
    )
    # A file that others will refuse must not leave the house: what a verifier does is done first.
    (found,) = reading.seals(io.BytesIO(sealed))
    if not (sealed.startswith(content) and found.intact and found.whole):
        raise NotSealed("the seal does not hold")
    stamp = timestamps.verify(found.token, message=found.signature)
    name = default_storage.save(f"sealed-papers/{paper.pk}.pdf", ContentFile(sealed))
    done = SealedPaper.objects.filter(pk=paper.pk, at__isnull=True).update(
        sealed_file=name,
        sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        at=now,
        stamped_at=stamp.tst_info.gen_time,
    )
    if not done:
        default_storage.delete(name)
    return bool(done)


def _put_off(paper: SealedPaper, *, now: datetime) -> None:
    wait = WAITS[min(paper.attempts, len(WAITS) - 1)]
    SealedPaper.objects.filter(pk=paper.pk).update(
        attempts=min(paper.attempts + 1, 30_000), due_at=now + wait
    )


def _lines(holder: str, *, at: datetime) -> tuple[str, str]:
    """Return what the visible seal says. Papers are Chinese by law, whoever reads them."""
    when = f"{local(at):%Y-%m-%d %H:%M:%S}（北京时间）"
    demo = "" if settings.MODE == "city" else " 演示证书，无法律效力"
    return (f"{holder} 电子签章", when + demo)
