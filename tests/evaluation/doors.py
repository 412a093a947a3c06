"""Posting to the doors as a program does: JSON, a command id, a signature where one is asked."""

from __future__ import annotations

import json
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from core import clock
from tests import people
from tests.accounts.authority import bound
from tests.signing import signed_form

JSON = {"Accept": "application/json"}


def url(name, **kwargs):
    return reverse(f"evaluation:{name}", kwargs=kwargs)


def client_of(person):
    return people.sign_in(Client(), person)


def get(person, address):
    return client_of(person).get(address, headers=JSON)


def post(person, address, *, authority=None, purpose=None, **fields):
    """Post an act; with an authority, signed with a fresh certificate of the person."""
    told = {"command_id": str(uuid4()), **fields}
    if purpose is not None:
        told |= _signed(person, address, authority, purpose, fields)
    return client_of(person).post(address, told, headers=JSON)


def post_file(person, address, body):
    file = SimpleUploadedFile("experts.json", json.dumps(body).encode())
    return post(person, address, file=file)


def _signed(person, address, authority, purpose, fields):
    now = clock.now()
    holder = authority.issue_for(person, not_before=now)
    bound(holder, person, now=now)
    match = resolve(address)
    args = {key: str(value) for key, value in match.kwargs.items()}
    said = {key: str(value) for key, value in fields.items()}
    return signed_form(holder, match.view_name, said, args=args, purpose=purpose)
