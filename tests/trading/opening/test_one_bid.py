"""What befalls one bid lets that bid lapse, with its own cause, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from core.verdicts import Refusal
from sealing import form as forms
from tests import worlds
from tests.trading.opening.halls import (
    LATER,
    alter,
    at_host,
    at_window,
    bid_of,
    ends,
    evidence_holds,
    lose,
)
from trading.models import Bid, BidFile, Lot, Opening, OpeningLine
from trading.services import sealed_files
from trading.services.opening import opening_forms

pytestmark = pytest.mark.django_db(transaction=True)

OPENED = ("OPENED", "", "")
ALTERED = ("UNRELEASED", "STORED_ALTERED", "not_bidder")


class TestTheWidestForm:
    def test_that_may_be_sealed_is_read_out_whole(self):
        widest = {"quality": "优" * 200, "manager": "赵" * 200, "duration_days": 2**53 - 1}
        world, parties = at_host(widest, {}, {}, {})
        worlds.release_host(world)
        assert ends(parties) == [OPENED] * 4
        line = OpeningLine.objects.get(bid__party=parties[0])
        assert {name: getattr(line, name) for name in widest} == widest
        assert evidence_holds(world)

    def test_with_the_longest_file_name_is_unpacked(self):
        name = "标" * 78 + ".a.pdf"
        assert len(name.encode()) == 240
        world, parties = at_host({"paper_name": name}, {}, {})
        worlds.release_host(world)
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == 3
        assert BidFile.objects.get(bid__party=parties[0]).name == name


class TestAFormTheTablesRefuse:
    def test_lapses_alone_and_not_by_its_bidder_s_cause(self, monkeypatch):
        monkeypatch.setattr(forms, "_holds_nul", lambda _value: False)
        world, parties = at_host({"claims": {"note": "a\0b"}}, {}, {}, {})
        worlds.release_host(world)
        assert ends(parties) == [("UNRELEASED", "NOT_WRITTEN", "not_bidder"), *[OPENED] * 3]
        assert Opening.objects.get(pk=world.lot.pk).stage == "RECOUNT"
        assert evidence_holds(world)


class TestAFormForAnotherVersion:
    def test_is_not_opened_and_the_evidence_of_the_others_holds(self):
        world, parties = at_host({"doc_version": 0}, {}, {}, {})
        worlds.release_host(world)
        assert ends(parties) == [("UNRELEASED", "FORM_VERSION", "bidder"), *[OPENED] * 3]
        assert evidence_holds(world)


class TestTheStoredFile:
    @pytest.mark.parametrize("place", [20, 30_000])
    def test_that_was_altered_is_not_its_bidder_s_cause(self, place):
        world, parties = at_host({}, {}, {}, {})
        alter(bid_of(parties[0]), at=place)
        worlds.release_host(world)
        assert ends(parties) == [ALTERED, *[OPENED] * 3]
        assert evidence_holds(world)

    def test_that_was_lost_is_not_its_bidder_s_cause(self):
        world, parties = at_host({}, {}, {}, {})
        lose(bid_of(parties[0]))
        worlds.release_host(world)
        assert ends(parties) == [("UNRELEASED", "STORED_LOST", "not_bidder"), *[OPENED] * 3]

    def test_lets_nobody_lapse_while_the_whole_storage_is_away(self):
        world, parties = at_host({}, {}, {})
        for party in parties:
            lose(bid_of(party))
        with pytest.raises(OSError, match="no sealed file"):
            worlds.release_host(world)
        assert {state for state, _code, _whose in ends(parties)} == {"RELEASED"}

    def test_altered_behind_its_form_costs_its_package_only(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        bid = bid_of(parties[0])
        alter(bid, at=bid.size - 100)
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == 3
        assert ends(parties) == [("OPENED", "PACKAGE_STORED_ALTERED", ""), OPENED, OPENED]

    def test_lost_before_the_package_is_noted_and_the_others_are_unpacked(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        lose(bid_of(parties[0]))
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == 3
        assert ends(parties) == [("OPENED", "PACKAGE_STORED_LOST", ""), OPENED, OPENED]


class TestAPackageThatFails:
    def test_stops_no_other_and_is_tried_again(self, monkeypatch):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        first = Bid.objects.filter(lot=world.lot, state="OPENED").first()
        whole = sealed_files.opened

        def full(bid):
            if bid.pk == first.pk:
                raise OSError("no space left on device")
            return whole(bid)

        with monkeypatch.context() as patch:
            patch.setattr(sealed_files, "opened", full)
            assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == 2
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == 1
        assert BidFile.objects.filter(bid__lot=world.lot).count() == 3
        assert ends(parties) == [OPENED] * 3


class TestTheHeaderInTheRow:
    def altered(self, party):
        bid = bid_of(party)
        Bid.objects.filter(pk=bid.pk).update(header=bid.header.replace(bid.kc, "A" * 43))

    def test_that_was_altered_refuses_the_bidder_in_words_and_is_not_its_cause(self):
        world, parties = at_window({}, {}, {}, {})
        self.altered(parties[0])
        with pytest.raises(Refusal) as refused:
            worlds.release_own(world, parties[0])
        assert refused.value.reason.code == "O-125"
        for party in parties[1:]:
            assert worlds.release_own(world, party)
        worlds.step(world, now=worlds.DEADLINE + timedelta(minutes=40))
        assert ends(parties)[0] == ALTERED
        worlds.release_host(world)
        assert ends(parties)[1:] == [OPENED] * 3

    def test_that_was_altered_after_the_release_stops_no_other(self):
        world, parties = at_host({}, {}, {}, {})
        self.altered(parties[0])
        worlds.release_host(world)
        assert ends(parties) == [ALTERED, *[OPENED] * 3]


class TestTheHostSWord:
    def test_that_a_box_does_not_open_never_lays_the_cause_on_the_bidder(self):
        world, parties = at_host({}, {}, {}, {})
        worlds.release_host(world, unboxable=[bid_of(parties[0]).pk])
        assert ends(parties) == [("UNRELEASED", "HOST_BOX", "not_bidder"), *[OPENED] * 3]

    def test_against_every_bid_ends_the_opening_instead_of_hanging_it(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world, unboxable=[bid_of(party).pk for party in parties])
        lot = Lot.objects.get(pk=world.lot.pk)
        assert (lot.state, lot.state_code) == ("FAILED", "FAILED_LT3_OPENED")

    def test_given_twice_from_two_tabs_is_refused_in_words(self, monkeypatch):
        world, _parties = at_host({}, {}, {})
        with monkeypatch.context() as patch:  # the worker has not opened them yet
            patch.setattr(opening_forms, "open_lot", lambda **_: False)
            worlds.release_host(world)
            with pytest.raises(Refusal) as refused, transaction.atomic():
                worlds.release_host(world)
        assert refused.value.reason.code == "O-124"
        assert opening_forms.open_lot(lot_id=world.lot.pk, now=LATER)
