"""What arrives before the deadline counts, and nothing else; one live bid a bidder."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from audit.models import Event, LogEntry
from audit.services.keys import log_key
from core.verdicts import Refusal
from sealing import keys
from sealing.receipts import verify
from tests import people, worlds
from trading.models import Bid, Lot, Submission
from trading.selectors.streams import party_stream
from trading.services import due, submission, uploads, withdrawal
from trading.services.sealed_files import examine

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
PRICE = 950_000_000


def delivered(world, party, content=None, *, at=BEFORE, settled_at=None, **more):
    """Submit a file and settle it; returns the submission."""
    content = content or worlds.sealed_for(world, party, price_fen=PRICE)
    taken = worlds.received(world, party, content, at=at, **more)
    return submission.settle(submission_id=taken.pk, now=settled_at or at)


def why(taken):
    """The refusal's code and the cause behind it."""
    return taken.state, taken.code, taken.claims.get("cause")


def live(party):
    """The ids of the party's live bids."""
    return list(
        Bid.objects.filter(party=party)
        .exclude(state__in=["WITHDRAWN", "SUPERSEDED"])
        .values_list("pk", flat=True)
    )


class TestTheDeadline:
    def test_takes_the_last_instant_before_it_however_long_the_check_lasts(self, world, party):
        taken = delivered(world, party, at=D - INSTANT, settled_at=D + timedelta(seconds=40))
        assert taken.state == "ACCEPTED"
        assert taken.bid.received_at == D - INSTANT
        assert worlds.closed(world, now=D + timedelta(minutes=1)).lot.state == "CLOSED"
        assert live(party) == [taken.bid.pk]

    def test_refuses_the_very_instant_as_late_and_says_both_times(self, world, party):
        taken = delivered(world, party, at=D)
        assert why(taken) == ("REFUSED", "B-020", "LATE")
        reason = submission.refusal_of(taken).reason
        assert (reason.facts["received"], reason.facts["deadline"]) == (D, D)
        assert live(party) == []

    def test_is_the_one_that_was_moved_not_the_first(self, world, party):
        Lot.objects.filter(pk=world.lot.pk).update(deadline_at=D + timedelta(days=1))
        assert delivered(world, party, at=D).state == "ACCEPTED"

    def test_leaves_no_trace_of_a_late_bid_among_the_bids(self, world, party):
        taken = delivered(world, party, at=D + INSTANT)
        assert not Bid.objects.filter(party=party).exists()
        assert not LogEntry.objects.filter(kind="bid.receive").exists()
        told = Event.objects.get(stream=party_stream(party), name="bid.refused")
        assert (told.body["code"], told.body["cause"]) == ("B-020", "LATE")
        assert taken.settled_at == D + INSTANT

    def test_blames_the_platform_for_what_came_in_time_and_was_registered_too_late(
        self, world, party
    ):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        upload = worlds.uploaded(party, content, now=BEFORE)
        worlds.closed(world)
        taken = _receive(party, upload, size=len(content), at=D - INSTANT)
        assert why(taken) == ("REFUSED", "B-027", "PLATFORM_LATE")


class TestACheck:
    def test_gives_a_receipt_of_exactly_these_bytes(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        bid = delivered(world, party, content).bid
        receipt = verify(bid.receipt, log_key=log_key())
        assert (receipt.id, receipt.entry.ct_root) == (bid.receipt_id, bid.ct_root)
        assert (receipt.entry.size, receipt.entry.party) == (len(content), str(party.pk))

    def test_refuses_a_plain_file(self, world, party):
        taken = delivered(world, party, b"%PDF-1.7 \xe6\x8a\xa5\xe4\xbb\xb7 9,500,000.00" * 40)
        assert why(taken) == ("REFUSED", "B-021", "NOT_ENCRYPTED")

    @pytest.mark.parametrize("cut", [1, 17, 4096])
    def test_refuses_a_file_with_its_end_cut_off(self, world, party, cut):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        taken = delivered(world, party, content[:-cut])
        assert taken.code == "B-022"

    def test_refuses_a_file_with_something_behind_its_end(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        assert delivered(world, party, content + b"x").code == "B-022"

    def test_refuses_a_file_sealed_by_another_bidder(self, world, party):
        other = worlds.joined(world, people.li())
        stolen = worlds.sealed_for(world, other, price_fen=PRICE)
        assert why(delivered(world, party, stolen)) == ("REFUSED", "B-023", "WRONG_CONTEXT")

    def test_refuses_a_file_sealed_for_another_bid_than_the_one_signed_for(self, world, party):
        taken = delivered(world, party, claims={"bid": uuid4()})
        assert why(taken) == ("REFUSED", "B-023", "WRONG_CONTEXT")

    def test_refuses_a_file_sealed_to_another_host_key(self, world, party):
        stranger = replace(world, host=keys.generate())
        content = worlds.sealed_for(stranger, party, price_fen=PRICE)
        assert why(delivered(world, party, content)) == ("REFUSED", "B-023", "WRONG_KEY")

    @pytest.mark.parametrize("claim", ["ct_root", "header_sha256"])
    def test_refuses_a_file_other_than_the_one_signed(self, world, party, claim):
        taken = delivered(world, party, claims={claim: "B" * 43})
        assert why(taken) == ("REFUSED", "B-024", "CLAIM")

    def test_refuses_bytes_that_changed_on_their_way(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        signed = examine([content], len(content))
        changed = content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]
        taken = delivered(world, party, changed, claims={"ct_root": signed.ct_root})
        assert taken.code == "B-024"

    def test_keeps_nothing_of_what_was_uploaded_once_it_has_ended(self, world, party, tmp_path):
        delivered(world, party, b"plain" * 100)
        assert [path for path in (tmp_path / "sealed").rglob("*") if path.is_file()] == []

    def test_keeps_the_sealed_bytes_of_an_accepted_bid_once(self, world, party, tmp_path):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        bid = delivered(world, party, content).bid
        files = [path for path in (tmp_path / "sealed").rglob("*") if path.is_file()]
        assert files == [tmp_path / "sealed" / bid.file]
        assert files[0].read_bytes() == content


class TestAnIntent:
    def test_is_written_once_however_often_its_command_comes(self, world, party):
        command = uuid4()
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        first = worlds.received(world, party, content, at=BEFORE, command=command)
        again = worlds.received(world, party, content, at=D, command=command)
        assert again.pk == first.pk
        assert again.received_at == BEFORE

    def test_says_the_version_the_bid_was_built_on_and_an_older_one_is_taken(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        world.tender.document_sets.create(version=2, issued_at=BEFORE - timedelta(minutes=1))
        taken = worlds.received(world, party, content, at=BEFORE, claims={"doc_version": 1})
        bid = submission.settle(submission_id=taken.pk, now=BEFORE).bid
        assert bid.doc_version == 1
        assert verify(bid.receipt, log_key=log_key()).entry.doc_version == 1

    def test_is_refused_for_documents_that_there_are_not(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        with pytest.raises(Refusal) as refused:
            worlds.received(world, party, content, at=BEFORE, claims={"doc_version": 2})
        assert refused.value.reason.code == "B-029"
        assert refused.value.reason.facts == {"sealed": 2, "current": 1}
        assert not Submission.objects.exists()

    def test_stands_when_the_documents_change_after_it(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        world.tender.document_sets.create(version=2, issued_at=BEFORE + timedelta(minutes=1))
        taken = worlds.received(world, party, content, at=BEFORE, claims={"doc_version": 1})
        settled = submission.settle(submission_id=taken.pk, now=BEFORE + timedelta(minutes=2))
        assert settled.bid.doc_version == 1

    def test_needs_the_whole_file(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        upload = uploads.begin(party=party, lot=party.lot, length=len(content), now=BEFORE)
        uploads.append(upload_id=upload.pk, offset=0, piece=content[:-1], now=BEFORE)
        with pytest.raises(Refusal) as refused:
            _receive(party, upload.pk, size=len(content))
        assert refused.value.reason.code == "B-025"
        uploads.append(upload_id=upload.pk, offset=len(content) - 1, piece=content[-1:], now=BEFORE)
        assert _receive(party, upload.pk, size=len(content)).state == "RECEIVED"

    def test_needs_an_upload_of_its_own_party(self, world, party):
        other = worlds.joined(world, people.li())
        content = worlds.sealed_for(world, other, price_fen=PRICE)
        upload = worlds.uploaded(other, content, now=BEFORE)
        with pytest.raises(Refusal) as refused:
            _receive(party, upload, size=len(content))
        assert refused.value.reason.code == "B-025"

    def test_uses_its_upload_up_so_that_a_second_one_cannot_hold_the_close(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        first = worlds.received(world, party, content, at=BEFORE)
        for settled in (False, True):
            with pytest.raises(Refusal) as refused:
                _receive(party, first.upload_id, size=len(content))
            assert refused.value.reason.code == "B-026"
            if not settled:
                submission.settle(submission_id=first.pk, now=BEFORE)
        worlds.closed(world)

    def test_is_settled_by_the_clock_when_its_process_died(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        taken = worlds.received(world, party, content, at=BEFORE)
        due.tick(BEFORE + timedelta(seconds=5))
        assert Submission.objects.get(pk=taken.pk).state == "RECEIVED"  # may still be under way
        due.tick(BEFORE + timedelta(seconds=30))
        assert Submission.objects.get(pk=taken.pk).state == "ACCEPTED"

    def test_is_not_held_against_the_bidder_when_the_platform_lost_the_bytes(
        self, world, party, tmp_path
    ):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        taken = worlds.received(world, party, content, at=BEFORE)
        for piece in (tmp_path / "sealed" / "uploads").glob("*/*"):
            piece.unlink()
        settled = submission.settle(submission_id=taken.pk, now=BEFORE)
        assert why(settled) == ("REFUSED", "B-028", "PLATFORM_LOST")
        worlds.closed(world)


class TestABid:
    def test_takes_the_place_of_the_one_before(self, world, party):
        first = delivered(world, party).bid
        second = delivered(world, party, at=BEFORE + timedelta(minutes=5)).bid
        first.refresh_from_db()
        assert (first.state, second.state) == ("SUPERSEDED", "SEALED")
        entry = LogEntry.objects.get(pk=first.end_entry)
        assert entry.kind == "bid.supersede"
        assert live(party) == [second.pk]

    def test_comes_back_after_a_withdrawal_only_as_a_new_bid(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        first = delivered(world, party, content).bid
        assert withdrawn(party) == first.pk
        assert live(party) == []
        assert why(delivered(world, party, content)) == ("REFUSED", "B-026", "CLAIM")
        assert delivered(world, party).bid.pk in live(party)

    def test_cannot_be_delivered_twice_from_one_file(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        first = delivered(world, party, content)
        assert why(delivered(world, party, content)) == ("REFUSED", "B-026", "CLAIM")
        assert live(party) == [first.bid.pk]

    def test_is_the_one_that_arrived_last_whichever_was_checked_first(self, world, party):
        early = _intent(world, party, at=BEFORE)
        late = _intent(world, party, at=BEFORE + timedelta(seconds=1))
        submission.settle(submission_id=late.pk, now=BEFORE)
        assert Submission.objects.get(pk=early.pk).state == "ACCEPTED"
        assert live(party) == [Submission.objects.get(pk=late.pk).bid.pk]

    def test_stays_the_one_that_arrived_last_when_an_earlier_intent_appears_behind_it(
        self, world, party
    ):
        later = delivered(world, party, at=BEFORE + timedelta(seconds=1))
        earlier = delivered(world, party, at=BEFORE)
        assert earlier.bid.state == "SUPERSEDED"
        assert live(party) == [later.bid.pk]
        told = Event.objects.filter(stream=party_stream(party), name="bid.superseded").get()
        assert told.body == {"bid": str(earlier.bid.pk), "by": str(later.bid.pk)}

    @pytest.mark.django_db(transaction=True)
    def test_is_one_when_two_tabs_race(self, world, party):
        intents = [
            _intent(world, party, at=BEFORE + timedelta(milliseconds=n)).pk for n in range(4)
        ]
        start = threading.Barrier(len(intents))
        failures = []

        def settle(intent):
            try:
                start.wait(timeout=10)
                submission.settle(submission_id=intent, now=BEFORE)
            except Exception as error:  # noqa: BLE001 - told by the main thread
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=settle, args=(intent,)) for intent in intents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert failures == []
        assert live(party) == [Submission.objects.get(pk=intents[-1]).bid.pk]
        assert Bid.objects.filter(party=party, state="SUPERSEDED").count() == len(intents) - 1


class TestWithdrawing:
    def test_is_free_before_the_deadline(self, world, party):
        bid = delivered(world, party).bid
        assert withdrawn(party, now=D - INSTANT) == bid.pk
        bid.refresh_from_db()
        assert (bid.state, bid.ended_at) == ("WITHDRAWN", D - INSTANT)
        assert LogEntry.objects.get(pk=bid.end_entry).kind == "bid.withdraw"

    def test_is_refused_at_the_deadline(self, world, party):
        bid = delivered(world, party).bid
        assert _refused(party, now=D) == "B-010"
        assert live(party) == [bid.pk]

    def test_is_refused_with_nothing_delivered(self, party):
        assert _refused(party, now=BEFORE) == "B-015"

    def test_waits_for_a_bid_that_is_being_checked(self, world, party):
        bid = delivered(world, party).bid
        _intent(world, party, at=BEFORE + timedelta(minutes=1))
        assert _refused(party, now=BEFORE + timedelta(minutes=1)) == "B-016"
        assert live(party) == [bid.pk]

    def test_is_allowed_while_the_tender_is_suspended(self, world, party):
        bid = delivered(world, party).bid
        Lot.objects.filter(pk=world.lot.pk).update(state="SUSPENDED")
        assert withdrawn(party) == bid.pk


class TestSuspending:
    def test_refuses_without_using_the_upload_up(self, world, party):
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        upload = worlds.uploaded(party, content, now=BEFORE)
        Lot.objects.filter(pk=world.lot.pk).update(state="SUSPENDED")
        assert _receive(party, upload, size=len(content)).code == "B-011"
        Lot.objects.filter(pk=world.lot.pk).update(state="SUBMISSION")
        assert _receive(party, upload, size=len(content)).state == "RECEIVED"


def _intent(world, party, *, at):
    content = worlds.sealed_for(world, party, price_fen=PRICE)
    return worlds.received(world, party, content, at=at)


def _receive(party, upload, *, size, at=BEFORE):
    with transaction.atomic():
        return submission.receive(
            party=party,
            claim=submission.Claim(
                bid=uuid4(), upload=upload, ct_root="A" * 43, size=size, header_sha256="A" * 43
            ),
            command=uuid4(),
            actor="tests",
            signature=uuid4(),
            signature_sha256="A" * 43,
            received_at=at,
        )


def withdrawn(party, *, now=BEFORE):
    with transaction.atomic():
        return withdrawal.withdraw(party=party, actor="tests", now=now)


def _refused(party, *, now):
    with pytest.raises(Refusal) as refused:
        withdrawn(party, now=now)
    return refused.value.reason.code
