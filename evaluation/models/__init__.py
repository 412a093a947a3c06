"""Tables of evaluation, one noun a file."""

from __future__ import annotations

from evaluation.models.draw import Expert, ExpertDraw
from evaluation.models.panel import Declaration, LeaderVote, Panel, Seat
from evaluation.models.report import Report, ReportSignature, Result
from evaluation.models.review import ReviewDecision, ReviewVote
from evaluation.models.score import Score

__all__ = [
    "Declaration",
    "Expert",
    "ExpertDraw",
    "LeaderVote",
    "Panel",
    "Report",
    "ReportSignature",
    "Result",
    "ReviewDecision",
    "ReviewVote",
    "Score",
    "Seat",
]
