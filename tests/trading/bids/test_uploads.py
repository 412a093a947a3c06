"""An upload in pieces: broken off and taken up again, bounded in time and size."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.verdicts import Refusal
from tests import worlds
from trading.models import Upload
from trading.services import submission, uploads

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
PRICE = 950_000_000


def _intent(world, party, *, at):
    content = worlds.sealed_for(world, party, price_fen=PRICE)
    return worlds.received(world, party, content, at=at)


class TestAnUpload:
    def test_goes_on_where_it_was_broken_off(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        half = len(content) // 2
        upload = uploads.begin(party=party, lot=party.lot, length=len(content), now=BEFORE)
        uploads.append(upload_id=upload.pk, offset=0, piece=content[:half], now=BEFORE)
        with pytest.raises(Refusal) as refused:
            uploads.append(upload_id=upload.pk, offset=half - 1, piece=b"x", now=BEFORE)
        assert (refused.value.reason.code, refused.value.reason.facts["offset"]) == ("B-031", half)
        uploads.append(upload_id=upload.pk, offset=half, piece=content[half:], now=BEFORE)
        assert b"".join(uploads.pieces(Upload.objects.get(pk=upload.pk))) == content

    def test_overwrites_what_a_killed_process_left_behind_the_offset(self, world, party, tmp_path):
        upload = uploads.begin(party=party, lot=party.lot, length=6, now=BEFORE)
        rest = tmp_path / "sealed" / upload.file / f"{0:020d}"
        rest.parent.mkdir(parents=True)
        rest.write_bytes(b"xx")
        uploads.append(upload_id=upload.pk, offset=0, piece=b"abcdef", now=BEFORE)
        assert b"".join(uploads.pieces(Upload.objects.get(pk=upload.pk))) == b"abcdef"

    def test_takes_no_piece_at_the_deadline(self, world, party):
        upload = uploads.begin(party=party, lot=party.lot, length=6, now=BEFORE)
        uploads.append(upload_id=upload.pk, offset=0, piece=b"abc", now=D - INSTANT)
        with pytest.raises(Refusal) as refused:
            uploads.append(upload_id=upload.pk, offset=3, piece=b"def", now=D)
        assert refused.value.reason.code == "B-032"

    def test_cannot_be_given_up_once_submitted(self, world, party):
        taken = _intent(world, party, at=BEFORE)
        uploads.give_up(upload_id=taken.upload_id)
        assert submission.settle(submission_id=taken.pk, now=BEFORE).state == "ACCEPTED"

    def test_is_deleted_when_nobody_goes_on_with_it(self, world, party, tmp_path):
        left = uploads.begin(party=party, lot=party.lot, length=6, now=BEFORE)
        uploads.append(upload_id=left.pk, offset=0, piece=b"abc", now=BEFORE)
        waiting = _intent(world, party, at=BEFORE)
        assert uploads.expire(now=BEFORE + uploads.KEEP_UNFINISHED) == 0
        assert uploads.expire(now=BEFORE + uploads.KEEP_UNFINISHED + INSTANT) == 1
        assert not list((tmp_path / "sealed" / f"uploads/{left.pk}").glob("*"))
        assert submission.settle(submission_id=waiting.pk, now=BEFORE).state == "ACCEPTED"

    @pytest.mark.parametrize("length", [0, -1, uploads.MAX_BYTES + 1])
    def test_is_not_begun_empty_or_too_large(self, world, party, length):
        with pytest.raises(Refusal) as refused:
            uploads.begin(party=party, lot=party.lot, length=length, now=BEFORE)
        assert refused.value.reason.code == "B-030"
