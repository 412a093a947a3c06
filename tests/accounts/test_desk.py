"""The desk: where each role finds its work."""

from __future__ import annotations

import pytest
from django.urls import resolve

from accounts.models import Role
from accounts.views import desk
from tests import people

pytestmark = pytest.mark.django_db


class TestTheDesk:
    def test_names_only_pages_that_exist(self):
        for _, path, _, _ in desk._PLACES:
            assert resolve(path)

    @pytest.mark.parametrize("role", Role.values)
    def test_leads_everybody_to_their_work(self, client, role):
        people.sign_in(client, people.everyone()[role])
        places = client.get("/my").context["places"]
        assert places
        for place in places:
            assert client.get(place["href"]).status_code == 200
