"""The bids' files: for the members of the panel alone, in parts, and never a page of ours."""

from __future__ import annotations

import pytest

from tests import people
from tests.evaluation.doors import client_of, get, url

pytestmark = pytest.mark.django_db


class TestTheBidsFiles:
    def file_of(self, room):
        state = get(room.seats[0].person, url("room-state", panel=room.panel_id)).json()
        return state["bids"][0]["files"][0]

    def test_are_read_by_members_only_and_in_parts(self, in_review):
        file = self.file_of(in_review)
        member = client_of(in_review.seats[0].person)
        whole = b"".join(member.get(file["url"]).streaming_content)
        assert len(whole) == file["size"]
        part = member.get(file["url"], headers={"Range": "bytes=2-5"})
        assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[2:6])
        assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole)}"
        tail = member.get(file["url"], headers={"Range": "bytes=-3"})
        assert b"".join(tail.streaming_content) == whole[-3:]
        beyond = member.get(file["url"], headers={"Range": f"bytes={len(whole)}-"})
        assert beyond.status_code == 416
        for who in (people.jiang, people.feng, people.zhao, people.sun, people.li):
            assert client_of(who()).get(file["url"]).status_code == 404

    def test_never_become_a_page_of_ours(self, in_review):
        response = client_of(in_review.seats[0].person).get(self.file_of(in_review)["url"])
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Type"] == "application/octet-stream"
