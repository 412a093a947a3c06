"""Help, the index of error codes, and the accessibility statement."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.web import public
from core.verdicts import registered

TOPICS = {
    "register": _("登记单位"),
    "sign-in": _("登录"),
    "certificate": _("证书与签名"),
    "submit": _("加密递交与回执"),
    "opening": _("参加不见面开标"),
    "evidence": _("自己核对开标与日志"),
}


@public
def index(request: HttpRequest) -> HttpResponse:
    """List the topics."""
    return render(request, "accounts/help/index.html", {"topics": TOPICS})


@public
def topic(request: HttpRequest, *, slug: str) -> HttpResponse:
    """Explain one topic."""
    if slug not in TOPICS:
        raise Http404
    context = {"title": TOPICS[slug], "topics": TOPICS, "slug": slug}
    return render(request, f"accounts/help/{slug}.html", context)


@public
def codes(request: HttpRequest) -> HttpResponse:
    """List every error code with its words; facts of a case stand as an ellipsis."""
    listed = [
        {"code": code, "what": _plain(text.what), "why": _plain(text.why), "do": _plain(text.do)}
        for code, text in sorted(registered().items())
    ]
    return render(request, "accounts/help/codes.html", {"codes": listed})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the pages are, and where to write."""
    return render(request, "accounts/accessibility.html")


class _Ellipses(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(words: object) -> str:
    return str(words) % _Ellipses()
