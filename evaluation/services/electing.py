"""Electing the leader (推选组长): one vote a member a round, counted when all have voted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.verdicts import Refusal
from evaluation.domain.election import tally
from evaluation.events import LeaderElected, LeaderTied
from evaluation.models import Declaration, LeaderVote, Panel, Seat
from evaluation.services import panels, tasks
from evaluation.services.seating import at_work, go_on_to_review


def vote(*, panel_id: UUID, seat_id: UUID, choice_id: UUID, actor: str, now: datetime) -> Panel:
    """Vote for a member; in a second round only for one of the tied."""
    panel, seat = at_work(panel_id, seat_id, state="SITTING")
    if not Declaration.objects.filter(seat=seat).exists():
        raise Refusal("S-025")
    if panel.leader_id is not None:
        raise Refusal("S-026")
    standing = candidates(panel)
    choice = next((one for one in standing if one.pk == choice_id), None)
    if choice is None:
        raise Refusal("S-027")
    LeaderVote.objects.update_or_create(
        seat=seat,
        election=panel.election,
        round=panel.vote_round,
        defaults={"choice": choice, "at": now},
    )
    _count(panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def candidates(panel: Panel) -> list[Seat]:
    """Return the seats that may be voted for in this round."""
    seats = panels.members(panel)
    if panel.vote_round == 1:
        return seats
    tied = tally(_votes(panel, panel.vote_round - 1), round_number=panel.vote_round - 1).tied
    return [seat for seat in seats if seat.number in tied]


def _votes(panel: Panel, round_number: int) -> list[int]:
    cast = LeaderVote.objects.filter(seat__panel=panel, election=panel.election, round=round_number)
    return list(cast.values_list("choice__number", flat=True))


def _count(panel: Panel, *, actor: str, now: datetime) -> None:
    votes, seats = _votes(panel, panel.vote_round), panels.members(panel)
    if len(votes) < len(seats):
        return
    result = tally(votes, round_number=panel.vote_round)
    named = {seat.number: seat for seat in seats}
    counted = {named[number].code: votes.count(number) for number in sorted(set(votes))}
    if result.leader is None:
        Panel.objects.filter(pk=panel.pk).update(vote_round=panel.vote_round + 1)
        tied = [named[number].code for number in result.tied]
        panels.tell(panel, LeaderTied(seats=tied, votes=counted), actor=actor, now=now)
        panel.vote_round += 1
        return
    leader = named[result.leader]
    Panel.objects.filter(pk=panel.pk).update(leader=leader)
    panel.leader = leader
    event = LeaderElected(seat=leader.code, round=panel.vote_round, votes=counted)
    panels.tell(panel, event, actor=actor, now=now)
    go_on_to_review(panel, actor=actor, now=now)
