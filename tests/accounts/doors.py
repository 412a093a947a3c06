"""Views for the web kit's tests: one of each kind, beside the real addresses of accounts."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.models import Role
from accounts.web import Done, act, bound, checked, current, public, register_statuses, requires
from core.verdicts import Refusal, Text, register

TEXTS = {"Z-001": Text("没有办成。", "%(why)s。", "请改天再来。")}
register(TEXTS)
register_statuses({"Z-001": 410})

#: What the acts below did, so that a test can count.
DONE: list[str] = []


class NoteForm(forms.Form):
    text = forms.CharField(label="内容", max_length=5)


@public
def anybody(request):
    return HttpResponse("hello")


@requires()
def members(request):
    return HttpResponse(current(request).person.name)


@requires(Role.BIDDER)
def bidders(request):
    return HttpResponse("bidders")


@requires(Role.BIDDER, hidden=True)
def secret(request):
    return HttpResponse("secret")


@requires(Role.FINANCE)
def staff(request):
    return HttpResponse("staff")


def note_page(request, *, lot):
    return render(request, "accounts/reset.html", {"form": bound(request, NoteForm), "lot": lot})


@requires(Role.BIDDER)
@act(page=note_page)
def note(request, *, lot):
    text = checked(NoteForm(request.POST)).cleaned_data["text"]
    if text == "不行":
        DONE.append("rolled back")
        people_renamed = current(request).person
        people_renamed.name = "改名"
        people_renamed.save()
        raise Refusal("Z-001", why="今天不办")
    DONE.append(text)
    return Done(redirect="/members", reply={"lot": str(lot), "text": text}, message="已记下")


@requires(Role.BIDDER)
@act(purpose="submit", secret=("pin",))
def signed(request):
    DONE.append(request.act.signature.certificate.serial)
    return Done(redirect="/members", reply={"signature": str(request.act.signature.id)})


@requires(Role.BIDDER)
@act()
def bare(request):
    raise Refusal("Z-001", why="从来不办")


urlpatterns = [
    path("", include("accounts.urls")),
    path("anybody", anybody, name="anybody"),
    path("members", members, name="members"),
    path("bidders", bidders, name="bidders"),
    path("secret", secret, name="secret"),
    path("staff", staff, name="staff"),
    path("notes/<uuid:lot>", note, name="note"),
    path("signed", signed, name="signed"),
    path("bare", bare, name="bare"),
]
