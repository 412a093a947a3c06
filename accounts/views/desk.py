"""One's own pages: what to do today, messages, settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import selectors
from accounts.forms.organisation import SettingsForm
from accounts.models import Message, Role, Todo
from accounts.services import messages, settling, todo
from accounts.web import (
    ActRequest,
    Done,
    act,
    bound,
    checked,
    current,
    preferences,
    public,
    requires,
    wants_json,
)
from accounts.web.sessions import onward
from accounts.web.signed_in import ORGANISATION_KEY
from core import clock

_PER_PAGE = 50
# Where each role works. A part of the house that is not installed answers to no address and is
# left out, so this names pages without knowing the apps behind them.
_PLACES: tuple[tuple[frozenset[str], str, Any, str], ...] = (
    (frozenset({Role.BIDDER}), "/notices", _("查找招标项目"), "search"),
    (frozenset({Role.BIDDER}), "/bids", _("我的投标"), "file-text"),
    (frozenset({Role.TENDERER, Role.AGENCY}), "/tenders", _("招标项目"), "file-text"),
    (frozenset({Role.EXPERT}), "/expert", _("专家首页"), "users"),
    (
        frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE_OPENING}),
        "/desk/open",
        _("主持开标"),
        "gavel",
    ),
    (
        frozenset({Role.CENTRE_OPENING, Role.CENTRE_EVALUATION, Role.WITNESS}),
        "/desk",
        _("今日看板"),
        "table",
    ),
    (
        frozenset({Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR}),
        "/desk/eval",
        _("评标安排"),
        "clipboard-check",
    ),
    (
        frozenset({Role.CENTRE_EVALUATION, Role.ADMIN}),
        "/desk/experts/import",
        _("评标专家库"),
        "users",
    ),
    (
        frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE_OPENING, Role.CENTRE_EVALUATION}),
        "/desk/booking",
        _("场地预约"),
        "calendar",
    ),
    (frozenset({Role.FINANCE}), "/finance", _("子账户监控"), "coin"),
    (frozenset({Role.FINANCE}), "/finance/refunds", _("退款"), "building-bank"),
    (frozenset({Role.SUPERVISOR}), "/watch", _("在线监督"), "eye"),
    (frozenset({Role.SUPERVISOR}), "/audit", _("审计记录"), "history"),
    (frozenset({Role.SUPERVISOR}), "/log", _("透明日志"), "shield-check"),
    (frozenset({Role.ADMIN}), "/admin/people", _("人员与机构"), "users"),
    (frozenset({Role.ADMIN}), "/admin/rooms", _("场地"), "building"),
    (frozenset({Role.ADMIN}), "/admin/calendar", _("节假日安排"), "calendar"),
    (frozenset({Role.BIDDER, Role.TENDERER, Role.AGENCY}), "/org", _("单位资料"), "building"),
)


@requires()
def desk(request: HttpRequest) -> HttpResponse:
    """Show what awaits the person, and the ways to their work."""
    who = current(request)
    now = clock.now()
    todos: list[Todo | todo.Line] = list(selectors.open_todos(who.person, who.organisations))
    if who.has(Role.BIDDER) and who.organisation is not None:
        todos = [*todo.unwritten(who.organisation, now=now), *todos]
    places = [
        {"href": path, "words": words, "icon": icon}
        for roles, path, words, icon in _PLACES
        if roles & who.roles and _exists(path)
    ]
    ending = selectors.ending_certificate(who.person, now=now)
    context = {"who": who, "todos": todos, "places": places, "ending": ending}
    return render(request, "accounts/desk.html", context)


@requires()
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the messages, newest first."""
    found = selectors.inbox(current(request).person)
    if wants_json(request):
        listed = [
            {
                "id": str(item.id),
                "kind": item.kind,
                "level": item.level,
                "subject": item.shown_subject,
                "body": item.shown_body,
                "link": item.link,
                "at": item.at.isoformat(),
                "read_at": item.read_at.isoformat() if item.read_at else None,
            }
            for item in map(messages.opened, found[:_PER_PAGE])
        ]
        return JsonResponse({"messages": listed})
    pages = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    pages.object_list = [messages.opened(item) for item in pages.object_list]
    return render(request, "accounts/inbox.html", {"pages": pages})


def message_page(request: HttpRequest, *, message: UUID) -> HttpResponse:
    """Show one message."""
    found = _own_message(request, message)
    return render(request, "accounts/message.html", {"message_shown": found})


@requires(hidden=True)
@act(page=message_page)
def message(request: ActRequest, *, message: UUID) -> Done:
    """Leave the read receipt and go where the message leads."""
    found = _own_message(request, message)
    messages.mark_read(message=found, now=request.act.now)
    return Done(redirect=found.link or reverse("accounts:inbox"))


def settings_page(request: HttpRequest) -> HttpResponse:
    """Show the settings."""
    person = current(request).person
    chosen = preferences.of(request)
    initial = {
        "language": person.language or request.LANGUAGE_CODE,
        "theme": chosen.theme,
        "large_text": chosen.large_text,
        "phone": person.phone,
        "email": person.email,
    }
    form = bound(request, lambda: SettingsForm(initial=initial))
    return render(request, "accounts/settings.html", {"form": form, "who": current(request)})


@requires()
def my_settings(request: HttpRequest) -> HttpResponseBase:
    """Keep the settings; they hold for this browser at once."""
    response = _keep_settings(request)
    if request.method == "POST" and response.status_code in {200, 303}:
        given = SettingsForm(request.POST)
        given.is_valid()
        chosen = preferences.Preferences(
            theme=given.cleaned_data["theme"], large_text=given.cleaned_data["large_text"]
        )
        preferences.remember(response, chosen)
        preferences.remember_language(response, given.cleaned_data["language"])
    return response


@act(page=settings_page)
def _keep_settings(request: ActRequest) -> Done:
    given = checked(SettingsForm(request.POST)).cleaned_data
    settling.settle(person=current(request).person, **given)
    return Done(redirect=reverse("accounts:settings"), message=_("设置已保存"))


@public
@require_POST
def keep_preferences(request: HttpRequest) -> HttpResponseBase:
    """Take the header's two switches: text size and theme, signed in or not."""
    toggle = request.POST.get("toggle")
    theme = request.POST.get("theme", "auto")
    large = bool(request.POST.get("large_text"))
    if toggle == "theme":
        theme = "light" if theme == "dark" else "dark"
    elif toggle == "large_text":
        large = not large
    chosen = preferences.Preferences(
        theme=theme if theme in preferences.THEMES else "auto", large_text=large
    )
    if request.user.is_authenticated:
        settling.prefer(
            person=current(request).person, theme=chosen.theme, large_text=chosen.large_text
        )
    response: HttpResponse = (
        HttpResponse(status=204) if wants_json(request) else redirect(onward(request, "/"))
    )
    preferences.remember(response, chosen)
    return response


@requires()
@require_POST
def act_for(request: HttpRequest) -> HttpResponseBase:
    """Choose the organisation to act for, where somebody acts for several."""
    wanted = request.POST.get("organisation", "")
    if wanted not in {str(item.id) for item in current(request).organisations}:
        raise Http404
    request.session[ORGANISATION_KEY] = wanted
    return redirect(onward(request, reverse("accounts:desk")))


def _own_message(request: HttpRequest, message: UUID) -> Message:
    mine = selectors.inbox(current(request).person)
    return messages.opened(get_object_or_404(mine, pk=message))


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
