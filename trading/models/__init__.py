"""Tables of trading, one noun a file."""

from __future__ import annotations

from trading.models.award import Award, Candidate, Contract, QualificationReview, ResultObjection
from trading.models.bid import Bid, BidFile, Share, Submission, Upload
from trading.models.document import Announcement, Document, DocumentSet, Download
from trading.models.enquiry import Amendment, Enquiry
from trading.models.host_key import HostKey, SealingSuite
from trading.models.notice import Notice
from trading.models.opening import (
    HallMessage,
    Objection,
    Opening,
    OpeningLine,
    OpeningSeat,
    RecordAnswer,
    SignIn,
)
from trading.models.party import Party
from trading.models.tender import Criterion, Lot, Tender

__all__ = [
    "Amendment",
    "Announcement",
    "Award",
    "Bid",
    "BidFile",
    "Candidate",
    "Contract",
    "Criterion",
    "Document",
    "DocumentSet",
    "Download",
    "Enquiry",
    "HallMessage",
    "HostKey",
    "Lot",
    "Notice",
    "Objection",
    "Opening",
    "OpeningLine",
    "OpeningSeat",
    "Party",
    "QualificationReview",
    "RecordAnswer",
    "ResultObjection",
    "SealingSuite",
    "Share",
    "SignIn",
    "Submission",
    "Tender",
    "Upload",
]
