"""The moves a tender, a lot and a bid may make (domain handbook §3, codes of §3 'Common states').

A state is changed by a compare-and-set under these tables only; the diagrams in
`docs/lifecycles.md` are generated from them.
"""

from __future__ import annotations

from core.states import Machine

TENDER = Machine(
    "tender",
    {
        "DRAFT": {"publish": "PUBLISHED", "discard": "DISCARDED"},
        # A published tender leaves its lots to their own course; it ends when they have.
        "PUBLISHED": {"suspend": "SUSPENDED", "terminate": "TERMINATED", "complete": "COMPLETED"},
        "SUSPENDED": {"resume": "PUBLISHED", "terminate": "TERMINATED"},
        "TERMINATED": {},
        "COMPLETED": {},
        "DISCARDED": {},
    },
)

LOT = Machine(
    "lot",
    {
        "DRAFT": {"publish": "SUBMISSION", "discard": "DISCARDED"},
        "SUBMISSION": {"close": "CLOSED", "suspend": "SUSPENDED", "terminate": "TERMINATED"},
        "SUSPENDED": {"resume": "SUBMISSION", "terminate": "TERMINATED"},
        "CLOSED": {"start": "OPENING", "fail": "FAILED", "terminate": "TERMINATED"},
        "OPENING": {"end": "OPENED", "fail": "FAILED", "terminate": "TERMINATED"},
        # Track G reviews qualification between opening and evaluation (MOF87 Art. 44).
        "OPENED": {"evaluate": "EVALUATING", "fail": "FAILED", "terminate": "TERMINATED"},
        "EVALUATING": {"report": "REPORTED", "fail": "FAILED", "terminate": "TERMINATED"},
        # Track T only: candidates are published for at least three days (TBR Art. 54).
        "REPORTED": {
            "publish_candidates": "CANDIDATES_PUBLISHED",
            "award": "AWARDED",
            "fail": "FAILED",
            "terminate": "TERMINATED",
        },
        "CANDIDATES_PUBLISHED": {
            "award": "AWARDED",
            "fail": "FAILED",
            "terminate": "TERMINATED",
        },
        # A tender is terminated before an award, not after it (TBR Art. 31, TBL Art. 45).
        "AWARDED": {"notify": "NOTICE_SENT"},
        "NOTICE_SENT": {"contract": "CONTRACTED"},
        "CONTRACTED": {"archive": "ARCHIVED"},
        "ARCHIVED": {},
        "FAILED": {},
        "TERMINATED": {},
        "DISCARDED": {},
    },
)

#: A lot in one of these has a winner: its tender is not terminated any more.
AWARDED = frozenset({"AWARDED", "NOTICE_SENT", "CONTRACTED", "ARCHIVED"})

#: A lot in one of these has nothing before it but its archive.
LOT_ENDS = frozenset({"CONTRACTED", "ARCHIVED", "FAILED", "TERMINATED", "DISCARDED"})

BID = Machine(
    "bid",
    {
        # Withdrawal before the deadline is free (撤回); a replacement supersedes.
        "SEALED": {
            "withdraw": "WITHDRAWN",
            "supersede": "SUPERSEDED",
            "release": "RELEASED",
            "lapse": "UNRELEASED",
            "leave": "UNOPENED",
        },
        "RELEASED": {"open": "OPENED", "fault": "UNRELEASED", "leave": "UNOPENED"},
        "OPENED": {"reject": "REJECTED", "accept": "VALID"},
        "REJECTED": {},
        "VALID": {},
        # Opened once more before the host released: nobody has seen a price yet.
        "UNRELEASED": {"reopen": "SEALED"},
        "UNOPENED": {},
        "WITHDRAWN": {},
        "SUPERSEDED": {},
    },
)

SUBMISSION = Machine(
    "submission",
    {
        "RECEIVED": {"accept": "ACCEPTED", "refuse": "REFUSED"},
        "ACCEPTED": {},
        "REFUSED": {},
    },
)

ENQUIRY = Machine("enquiry", {"ASKED": {"answer": "ANSWERED"}, "ANSWERED": {}})
