"""The check of a sealed paper, open to everybody and working without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.forms.papers import SealedPaperForm
from accounts.services import checking_papers
from accounts.web import public
from accounts.web.statuses import status_of
from core import clock
from core.verdicts import Refusal


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify_paper(request: HttpRequest) -> HttpResponse:
    """Take a PDF in, say what its seal is worth, keep nothing of it."""
    brought = request.method == "POST"
    form = SealedPaperForm(request.POST, request.FILES) if brought else SealedPaperForm()
    facts: dict[str, object] = {"form": form}
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            facts["checked"] = checking_papers.check(form.cleaned_data["file"], now=clock.now())
            facts["is_checked"] = True
        except Refusal as refused:
            facts["reason"], status = refused.reason, status_of(refused.reason.code)
    return render(request, "accounts/verify_paper.html", facts, status=status)
