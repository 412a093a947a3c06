"""Minimum and maximum periods by track and procedure, each with its article.

A minimum of `issue_to_deadline` or `candidate_publicity` must be given; a maximum such as
`contract` or `refund` binds whoever has to act. Track T is tendering law, G government
procurement. A G tender has no candidate publicity: the result is published directly.
"""

from __future__ import annotations

from core.law.rules import Evidence, Rule, Table, Unit, tables
from core.law.statutes import Article, Statute

_DAYS, _WORKING = Unit.DAYS, Unit.WORKING_DAYS
_READ, _KNOWN, _SECONDARY = Evidence.READ, Evidence.KNOWN, Evidence.SECONDARY


def _rule(
    value: int, unit: Unit, statute: Statute, number: int, tag: Evidence, **where: str
) -> Rule:
    return Rule(
        value=value,
        unit=unit,
        article=Article(statute, number),
        tag=tag,
        valid_from=statute.since,
        where=where,
    )


PERIODS = tables(
    # From the issue of the documents, not from the announcement, to the deadline.
    Table(
        "issue_to_deadline",
        (
            _rule(20, _DAYS, Statute.TBL, 24, _READ, track="T", must_tender="yes"),
            _rule(20, _DAYS, Statute.GPL, 35, _READ, track="G", procedure="open_tender"),
            _rule(20, _DAYS, Statute.GPL, 35, _READ, track="G", procedure="invited_tender"),
            _rule(10, _DAYS, Statute.CK214, 10, _SECONDARY, track="G", procedure="consultation"),
            _rule(3, _WORKING, Statute.MOF74, 29, _SECONDARY, track="G", procedure="negotiation"),
            _rule(3, _WORKING, Statute.MOF74, 45, _SECONDARY, track="G", procedure="inquiry"),
        ),
    ),
    Table(
        "document_sale",
        (
            _rule(5, _DAYS, Statute.TBR, 16, _READ, track="T"),
            _rule(5, _WORKING, Statute.GPR, 31, _READ, track="G", procedure="open_tender"),
            _rule(5, _WORKING, Statute.GPR, 31, _READ, track="G", procedure="invited_tender"),
            _rule(5, _WORKING, Statute.CK214, 10, _SECONDARY, track="G", procedure="consultation"),
        ),
    ),
    Table(
        "notice",
        (_rule(5, _WORKING, Statute.MOF87, 16, _KNOWN, track="G", procedure="open_tender"),),
    ),
    # Backward from the deadline, instant by instant; less time left moves the deadline.
    Table(
        "amendment_before_deadline",
        (
            _rule(15, _DAYS, Statute.TBL, 23, _READ, track="T"),
            _rule(15, _DAYS, Statute.GPR, 31, _READ, track="G", procedure="open_tender"),
            _rule(15, _DAYS, Statute.GPR, 31, _READ, track="G", procedure="invited_tender"),
            _rule(5, _DAYS, Statute.CK214, 10, _SECONDARY, track="G", procedure="consultation"),
            _rule(3, _WORKING, Statute.MOF74, 29, _SECONDARY, track="G", procedure="negotiation"),
        ),
    ),
    Table("objection_before_deadline", (_rule(10, _DAYS, Statute.TBR, 22, _READ, track="T"),)),
    Table(
        "objection_answer",
        (
            _rule(3, _DAYS, Statute.TBR, 54, _READ, track="T", about="result"),
            _rule(3, _DAYS, Statute.TBR, 22, _READ, track="T"),
        ),
    ),
    Table("candidate_publicity_start", (_rule(3, _DAYS, Statute.TBR, 54, _READ, track="T"),)),
    Table("candidate_publicity", (_rule(3, _DAYS, Statute.TBR, 54, _READ, track="T"),)),
    Table("report_to_purchaser", (_rule(2, _WORKING, Statute.GPR, 43, _READ, track="G"),)),
    Table("determination", (_rule(5, _WORKING, Statute.GPR, 43, _READ, track="G"),)),
    Table("result_publication", (_rule(2, _WORKING, Statute.GPR, 43, _READ, track="G"),)),
    Table("result_notice", (_rule(1, _WORKING, Statute.MOF87, 69, _KNOWN, track="G"),)),
    Table("report_to_regulator", (_rule(15, _DAYS, Statute.TBL, 47, _READ, track="T"),)),
    Table(
        "contract",
        (
            _rule(30, _DAYS, Statute.TBL, 46, _READ, track="T"),
            _rule(30, _DAYS, Statute.GPL, 46, _READ, track="G"),
        ),
    ),
    Table("contract_publication", (_rule(2, _WORKING, Statute.GPR, 50, _READ, track="G"),)),
    Table("contract_filing", (_rule(7, _WORKING, Statute.GPL, 47, _READ, track="G"),)),
    # In T the signing of the contract starts the refund of winner and losers alike.
    Table(
        "refund",
        (
            _rule(5, _DAYS, Statute.TBR, 35, _READ, track="T", after="withdrawal"),
            _rule(5, _DAYS, Statute.TBR, 57, _READ, track="T", after="contract"),
            _rule(5, _WORKING, Statute.MOF87, 38, _KNOWN, track="G", after="withdrawal"),
            _rule(5, _WORKING, Statute.GPR, 33, _READ, track="G", after="award_notice"),
            _rule(5, _WORKING, Statute.GPR, 33, _READ, track="G", after="contract"),
        ),
    ),
    Table("enquiry_answer", (_rule(3, _WORKING, Statute.GPR, 52, _READ, track="G"),)),
    Table("challenge", (_rule(7, _WORKING, Statute.GPL, 52, _READ, track="G"),)),
    Table("challenge_answer", (_rule(7, _WORKING, Statute.GPL, 53, _READ, track="G"),)),
    Table(
        "complaint",
        (
            _rule(10, _DAYS, Statute.TBR, 60, _READ, track="T"),
            _rule(15, _WORKING, Statute.GPL, 55, _READ, track="G"),
        ),
    ),
)
