"""Tables of evaluation, one noun a file."""

from __future__ import annotations

from evaluation.models.draw import Expert, ExpertDraw
from evaluation.models.panel import Declaration, LeaderVote, Panel, Representative, Seat
from evaluation.models.report import Report, ReportSignature, Result, TieDraw
from evaluation.models.review import ReviewDecision, ReviewVote
from evaluation.models.score import Reopening, Score

__all__ = [
    "Declaration",
    "Expert",
    "ExpertDraw",
    "LeaderVote",
    "Panel",
    "Reopening",
    "Report",
    "ReportSignature",
    "Representative",
    "Result",
    "ReviewDecision",
    "ReviewVote",
    "Score",
    "Seat",
    "TieDraw",
]
