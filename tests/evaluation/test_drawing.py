"""Drawing experts: who is in the pool, what is promised, what comes out, and its replay."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Message
from audit.models import Event
from core.draws import hold
from core.verdicts import Refusal
from evaluation.domain.avoidance import Firm, names, tied
from evaluation.domain.composition import findings
from evaluation.domain.seating import PoolTooSmall, Wish, place
from evaluation.models import ExpertDraw, Panel, Seat
from evaluation.services import draw_checks, drawing, representatives
from tests import people, worlds
from tests.evaluation import rooms
from trading.models import Lot, Opening

HERE, THERE = people.SUZHOU, people.WENZHOU


def pool(*rows):
    return [{"expert": key, "specialties": list(told), "site": HERE} for key, told in rows]


class TestPlacing:
    def test_takes_the_first_of_the_order_who_fit(self):
        rows = pool(("a", "x"), ("b", "xy"), ("c", "y"))
        wanted = [Wish(specialty="x", site=HERE, count=1), Wish(specialty="y", site=HERE, count=1)]
        assert [row.expert for row in place("cba", pool=rows, wanted=wanted)] == ["b", "c"]

    def test_leaves_somebody_for_the_wish_only_they_fit(self):
        rows = pool(("a", "xy"), ("b", "x"))
        wanted = [Wish(specialty="x", site=HERE, count=1), Wish(specialty="y", site=HERE, count=1)]
        assert [row.expert for row in place("ab", pool=rows, wanted=wanted)] == ["b", "a"]

    def test_says_which_wish_the_pool_cannot_fill(self):
        wanted = [Wish(specialty="x", site=HERE, count=1), Wish(specialty="y", site=THERE, count=1)]
        with pytest.raises(PoolTooSmall) as short:
            place("a", pool=pool(("a", "xy")), wanted=wanted)
        assert short.value.wish.site == THERE

    @given(st.data())
    def test_fills_every_wish_or_none_whatever_the_order(self, data):
        told = data.draw(st.lists(st.sets(st.sampled_from("xyz"), min_size=1), max_size=7))
        rows = pool(*((str(number), "".join(sorted(one))) for number, one in enumerate(told)))
        counts = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
        wanted = [
            Wish(specialty=name, site=HERE, count=count)
            for name, count in zip("xyz", counts, strict=False)
        ]
        order = data.draw(st.permutations([row["expert"] for row in rows]))

        def outcome(keys):
            try:
                return place(keys, pool=rows, wanted=wanted)
            except PoolTooSmall:
                return None

        one, other = outcome(order), outcome(sorted(order))
        assert (one is None) == (other is None)
        if one is not None:
            assert len({row.expert for row in one}) == sum(counts)


class TestAvoidance:
    firms = names([Firm(name="苏州恒筑建设有限公司", credit_code="91320508MA1W1QU21J")])

    @pytest.mark.parametrize(
        "employer", ["苏州恒筑建设有限公司", " 苏州恒筑建设 有限公司 ", "91320508ma1w1qu21j"]
    )
    def test_knows_a_firm_by_name_and_code_however_spelt(self, employer):
        assert tied(["某大学", employer], firms=self.firms)

    def test_lets_others_sit(self):
        assert not tied(["苏州恒筑监理有限公司", ""], firms=self.firms)


class TestComposition:
    @pytest.mark.parametrize(("total", "experts"), [(5, 4), (7, 5), (9, 6)])
    def test_wants_two_thirds_experts(self, total, experts):
        def blocked(drawn):
            found = findings(
                track="T",
                procedure="open_tender",
                budget_fen=0,
                experts=drawn,
                representatives=total - drawn,
                on=rooms.MEETS.date(),
            )
            return [row.code for row in found if row.blocks]

        assert blocked(experts) == []
        assert blocked(experts - 1) == ["TOO_FEW_EXPERTS"]

    def test_wants_an_odd_number_of_five_or_more(self):
        def codes(experts, **where):
            facts = {"track": "T", "procedure": "open_tender", "budget_fen": 0, **where}
            found = findings(experts=experts, representatives=0, on=rooms.MEETS.date(), **facts)
            return [(row.code, row.blocks) for row in found]

        assert codes(6) == [("EVEN", True)]
        assert codes(3) == [("TOO_FEW", True)]
        # MOF87 Art. 47 asks for seven of a large budget; published documents that say five stand.
        assert codes(5, track="G", budget_fen=1_000_000_000) == [("TOO_FEW", False)]
        assert codes(5, track="G", budget_fen=999_999_999) == []


@pytest.mark.django_db
class TestADraw:
    def test_is_refused_while_bids_are_taken(self, opened_lot):
        Lot.objects.filter(pk=opened_lot.lot.pk).update(state="SUBMISSION")
        with pytest.raises(Refusal) as refused:
            rooms.committed(opened_lot)
        assert refused.value.reason.code == "S-010"

    @pytest.mark.parametrize("stage", ["LOBBY", "SIGN_IN", "START", "COUNT_CHECK"])
    def test_is_refused_until_the_list_is_out(self, opened_lot, stage):
        lots = Lot.objects.filter(pk=opened_lot.lot.pk)
        lots.update(state="OPENING")
        Opening.objects.filter(pk=opened_lot.lot.pk).update(stage=stage)
        # Neither an expert of a firm nor a specialty nobody has tells anything.
        for wanted in (rooms.WANTED, (Wish(specialty=rooms.DESIGN, site=HERE, count=1),)):
            with pytest.raises(Refusal) as refused:
                rooms.committed(opened_lot, wanted=wanted)
            assert refused.value.reason.code == "S-010"
        Opening.objects.filter(pk=opened_lot.lot.pk).update(stage="BIDDER_LIST")
        assert rooms.committed(opened_lot).number == 1

    def test_is_announced_once(self, opened_lot):
        rooms.committed(opened_lot)
        with pytest.raises(Refusal) as refused:
            rooms.committed(opened_lot, seed=b"u" * 32)
        assert refused.value.reason.code == "S-016"

    def test_is_not_given_up_by_who_announced_it_nor_once_held(self, opened_lot):
        draw = rooms.committed(opened_lot)
        with pytest.raises(Refusal) as refused:
            rooms.given_up(draw, by=people.jiang())
        assert refused.value.reason.code == "S-018"
        worlds.log_ticks(now=rooms.MEETS)
        drawing.draw(draw_id=draw.pk, person=people.jiang(), now=rooms.MEETS)
        with pytest.raises(Refusal) as refused:
            rooms.given_up(draw)
        assert refused.value.reason.code == "S-011"

    def test_that_was_given_up_is_never_held_but_counted(self, opened_lot):
        old = rooms.committed(opened_lot)
        rooms.given_up(old)
        worlds.log_ticks(now=rooms.MEETS)
        with pytest.raises(Refusal) as refused, transaction.atomic():
            drawing.draw(draw_id=old.pk, person=people.jiang(), now=rooms.MEETS)
        assert refused.value.reason.code == "S-017"
        told = Event.objects.get(stream="access", name="draw.given_up")
        assert told.body["reason"] == "评审时间有变"

        room = rooms.drawn(opened_lot, seed=b"u" * 32)
        said = draw_checks.check(kind="experts", draw_id=room.panel_id)
        assert said["number"] == 2
        assert [one["id"] for one in said["given_up"]] == [str(old.pk)]

    def test_waits_for_a_checkpoint_after_its_commitment(self, opened_lot):
        worlds.log_ticks(now=rooms.MEETS - timedelta(hours=2))
        draw = rooms.committed(opened_lot)

        def held():
            with transaction.atomic():
                return drawing.draw(draw_id=draw.pk, person=people.jiang(), now=rooms.MEETS)

        with pytest.raises(Refusal) as refused:
            held()
        assert refused.value.reason.code == "S-012"
        worlds.log_ticks(now=rooms.MEETS)
        assert held().pk == draw.pk

    def test_leaves_out_whoever_is_tied_without_saying_so(self, opened_lot):
        firm = people.organisation_of(people.sun())
        for tie in (
            {"employer": firm.name},
            {"ties": [firm.credit_code]},
            {"employer": people.organisation_of(people.zhao()).name},
        ):
            rooms.stocked(people.wu, wu=tie)
            draw = rooms.committed(opened_lot)
            assert str(people.wu().pk) not in [row["expert"] for row in draw.pool]
            assert all(set(row) == {"expert", "specialties", "site"} for row in draw.pool)
            rooms.given_up(draw)
            rooms.stocked(people.wu, wu={"ties": []})
        assert str(people.wu().pk) in [row["expert"] for row in rooms.committed(opened_lot).pool]

    def test_too_small_a_pool_is_refused_by_specialty_only(self, opened_lot):
        wanted = (Wish(specialty=rooms.DESIGN, site=HERE, count=1),)
        with pytest.raises(Refusal) as refused:
            rooms.committed(opened_lot, wanted=wanted)
        assert refused.value.reason.code == "S-013"
        assert dict(refused.value.reason.facts) == {
            "specialty": rooms.DESIGN,
            "site": HERE,
            "place": people.centre().name,
        }

    def test_follows_seed_and_checkpoint_and_nothing_else(self, invited):
        draw = ExpertDraw.objects.get(pk=invited.panel_id)
        again = hold(
            context=f"experts/{draw.pk}",
            inputs=[row["expert"] for row in draw.pool],
            seed=rooms.SEED,
            entropy=bytes.fromhex(draw.entropy["root"]),
        )
        assert draw.result == list(again.result)
        assert [seat.code for seat in invited.seats] == ["E-01", "E-02", "E-03", "E-04", "E-05"]
        assert [seat.site for seat in invited.seats] == [HERE] * 3 + [THERE] * 2

    def test_cannot_be_held_twice(self, invited):
        with pytest.raises(Refusal) as refused, transaction.atomic():
            drawing.draw(draw_id=invited.panel_id, person=people.jiang(), now=rooms.MEETS)
        assert refused.value.reason.code == "S-011"


def verify(kind, draw_id):
    out = io.StringIO()
    try:
        call_command("verify_draw", kind, str(draw_id), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
class TestVerifyingADraw:
    def test_exits_0_with_the_record_in_one_line(self, invited):
        code, out = verify("experts", invited.panel_id)
        assert code == 0
        told = json.loads(out)
        assert told["valid"] is True
        assert told["seed"] == rooms.SEED.hex()
        assert out.count("\n") == 1

    def test_exits_1_when_a_draw_was_taken_out_of_the_record(self, opened_lot):
        old = rooms.committed(opened_lot)
        rooms.given_up(old)
        room = rooms.drawn(opened_lot)
        ExpertDraw.objects.filter(pk=old.pk).delete()
        code, out = verify("experts", room.panel_id)
        assert (code, json.loads(out)["field"]) == (1, "number")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"seed": "00" * 32}, "commitment"),
            ({"entropy": {"size": 1, "root": "00" * 32}}, "result"),
            ({"committed_size": 10_000}, "entropy"),
        ],
    )
    def test_exits_1_and_names_what_was_tampered_with(self, invited, change, field):
        ExpertDraw.objects.filter(pk=invited.panel_id).update(**change)
        code, out = verify("experts", invited.panel_id)
        assert code == 1
        told = json.loads(out)
        assert (told["valid"], told["field"]) == (False, field)

    def test_exits_1_when_a_seat_went_to_somebody_else(self, invited):
        seat, stranger = invited.seats[0], people.stranger()
        Seat.objects.filter(pk=seat.pk).update(person=stranger)
        code, out = verify("experts", invited.panel_id)
        assert (code, json.loads(out)["field"]) == (1, "seats")

    def test_exits_2_for_an_unknown_kind_or_id(self, invited):
        assert verify("horses", invited.panel_id)[0] == 2
        assert verify("experts", "not-a-uuid")[0] == 2
        assert verify("ties", invited.panel_id)[0] == 2


@pytest.mark.django_db
class TestInvitations:
    def test_name_date_place_and_hours_but_no_project(self, invited):
        seat = invited.seats[0]
        message = Message.objects.get(person=seat.person, kind="evaluation.invitation")
        told = message.subject + message.body + message.link
        assert "苏州市公共资源交易中心" in told
        assert "2026-11-23 16:00" in told
        lot = invited.panel.lot
        for secret in (lot.code, lot.tender.code, lot.tender.title, str(lot.pk)):
            assert secret not in told

    def test_declined_go_to_the_next_of_the_drawn_order(self, invited):
        draw, gone = invited.panel.draw, invited.seats[0]
        rooms.accept(gone, accept=False)
        new = invited.seats[-1]
        assert (new.code, new.site, new.state) == ("E-06", gone.site, "NOTIFIED")
        had = {str(seat.person_id) for seat in Seat.objects.filter(panel=invited.panel)}
        fitting = [
            row
            for row in draw.result
            if next(one for one in draw.pool if one["expert"] == row)["site"] == gone.site
        ]
        assert str(new.person_id) == fitting[3]
        assert had == set(draw.result)

    def test_form_the_panel_when_the_last_accepts(self, invited):
        for seat in invited.seats[:-1]:
            rooms.accept(seat)
        assert invited.panel.state == "INVITING"
        rooms.accept(invited.seats[-1])
        assert invited.panel.state == "FORMED"

    def test_leave_the_panel_unformed_when_the_reserve_is_used_up(self, invited):
        for seat in invited.seats:
            rooms.accept(seat, accept=seat.site == HERE)
        assert invited.panel.state == "INVITING"

    def test_are_answered_once(self, invited):
        rooms.accept(invited.seats[0])
        with pytest.raises(Refusal) as refused:
            rooms.accept(invited.seats[0], accept=False)
        assert refused.value.reason.code == "S-020"


@pytest.mark.django_db
class TestARepresentative:
    def name(self, world, username="luren"):
        with transaction.atomic():
            return representatives.name(
                lot_id=world.lot.pk,
                username=username,
                specialty=rooms.ROADS,
                site=HERE,
                person=people.zhao(),
                now=rooms.MEETS - timedelta(hours=3),
            )

    def test_sits_with_the_drawn_experts_and_fills_the_panel(self, opened_lot):
        people.stranger()
        self.name(opened_lot)
        wanted = (
            Wish(specialty=rooms.ROADS, site=HERE, count=2),
            Wish(specialty=rooms.ROADS, site=THERE, count=2),
        )
        room = rooms.drawn(opened_lot, wanted=wanted)
        assert [seat.role for seat in room.seats] == ["expert"] * 4 + ["representative"]
        assert rooms.seated(room).panel.state == "SITTING"

    def test_may_be_named_after_the_draw_while_the_panel_is_invited(self, opened_lot):
        people.stranger()
        wanted = (Wish(specialty=rooms.ROADS, site=HERE, count=4),)
        room = rooms.drawn(opened_lot, wanted=wanted)
        for seat in room.seats:
            rooms.accept(seat)
        assert room.panel.state == "INVITING"  # four are an even number
        self.name(opened_lot)
        assert room.panel.state == "FORMED"

    @pytest.mark.parametrize("state", ["SUBMISSION", "CLOSED", "OPENING"])
    def test_is_named_alike_whoever_it_is_before_the_list(self, opened_lot, state):
        people.stranger()
        Opening.objects.filter(pk=opened_lot.lot.pk).update(stage="SIGN_IN")
        Lot.objects.filter(pk=opened_lot.lot.pk).update(state=state)
        for username in ("luren", people.sun().username):
            assert self.name(opened_lot, username).barred_at is None

    def test_of_a_bidder_gets_no_seat_though_named_before_the_list(self, opened_lot):
        Lot.objects.filter(pk=opened_lot.lot.pk).update(state="SUBMISSION")
        self.name(opened_lot, people.sun().username)
        Lot.objects.filter(pk=opened_lot.lot.pk).update(state="EVALUATING")
        room = rooms.drawn(opened_lot)
        assert [seat.role for seat in room.seats] == ["expert"] * 5
        told = Message.objects.get(person=people.zhao(), kind="evaluation.barred")
        assert people.sun().name not in told.subject + told.body
        assert Event.objects.filter(name="panel.barred").count() == 1
        with pytest.raises(Refusal) as refused:
            self.name(opened_lot, people.sun().username)
        assert refused.value.reason.code == "S-015"

    def test_is_nobody_of_a_bidder(self, opened_lot):
        with pytest.raises(Refusal) as refused:
            self.name(opened_lot, people.sun().username)
        assert refused.value.reason.code == "S-015"


@pytest.mark.django_db
class TestALotThatEnded:
    def test_has_its_panel_dissolved_and_its_members_told(self, invited):
        from evaluation.services import due

        due.tick(rooms.MEETS)
        assert invited.panel.state == "INVITING"
        Lot.objects.filter(pk=invited.world.lot.pk).update(state="TERMINATED")
        due.tick(rooms.MEETS)
        assert Panel.objects.get(pk=invited.panel_id).state == "DISSOLVED"
        states = set(Seat.objects.filter(panel=invited.panel_id).values_list("state", flat=True))
        assert states == {"CANCELLED"}
