"""Sessions and links as they stand in the database: who reads them cannot use them."""

from __future__ import annotations

import asyncio

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Outgoing
from accounts.services import due, proofs
from accounts.session_store import SessionStore
from core import clock as clocks
from tests import people

pytestmark = pytest.mark.django_db


def cookie(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class TestASession:
    def test_is_not_opened_by_what_the_database_holds(self):
        client = people.sign_in(Client(), people.sun())
        (row,) = Session.objects.values_list("session_key", flat=True)
        assert row != cookie(client)
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = row
        assert thief.get("/my").status_code == 302
        assert client.get("/my").status_code == 200

    def test_of_another_is_void_under_ones_own_cookie(self):
        """Who writes the database lays an administrator's contents into the own row."""
        mine, theirs = Client(), Client()
        people.sign_in(theirs, people.admin())
        (data,) = Session.objects.values_list("session_data", flat=True)
        people.sign_in(mine, people.sun())
        Session.objects.update(session_data=data)
        assert theirs.get("/admin/people").status_code == 200
        assert mine.get("/my").status_code == 302

    def test_ends_with_the_signing_out(self):
        client = people.sign_in(Client(), people.sun())
        kept = cookie(client)
        client.post("/logout")
        again = Client()
        again.cookies[settings.SESSION_COOKIE_NAME] = kept
        assert again.get("/my").status_code == 302
        assert not Session.objects.exists()

    def test_with_a_changed_key_keeps_its_contents_and_drops_the_old_row(self):
        store = SessionStore()
        store["a"] = 1
        store.create()
        before = store.session_key
        store["a"] = 1
        store.cycle_key()
        assert SessionStore(store.session_key)["a"] == 1
        assert not store.exists(before)
        assert store.exists(store.session_key)


@pytest.mark.django_db(transaction=True)
class TestASessionOfTheEventLoop:
    def test_is_kept_alike(self):
        async def scenario():
            store = SessionStore()
            await store.aset("a", 1)
            await store.acreate()
            await store.aset("a", 2)
            await store.asave()
            found = await SessionStore(store.session_key).aget("a")
            there = await store.aexists(store.session_key)
            await store.adelete()
            return store.session_key, found, there

        key, found, there = asyncio.run(scenario())
        assert (found, there) == (2, True)
        assert not Session.objects.exists()
        assert key is not None


class TestALinkToResetAPassword:
    def test_stands_nowhere_in_the_database_and_still_arrives(self, monkeypatch):
        sun = people.sun()
        type(sun).objects.filter(pk=sun.pk).update(email="sun@example.test")
        proofs.ask_reset(username="sun", site="http://testserver", now=clocks.now())
        copy = Outgoing.objects.get()
        assert (copy.address, copy.subject, copy.body) == ("", "", "")
        assert b"password" not in bytes(copy.sealed)
        sent = []
        monkeypatch.setitem(due._SENDERS, "email", lambda **said: sent.append(said))
        due.tick(clocks.now())
        assert sent[0]["to"] == "sun@example.test"
        assert "http://testserver/password/" in sent[0]["body"]
