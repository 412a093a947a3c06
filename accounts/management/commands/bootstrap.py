"""`manage.py bootstrap`: the first centre and administrator of an empty installation.

    manage.py bootstrap --centre 320500 --name 苏州市公共资源交易中心 \
        --admin-username root --admin-password SECRET

Run again it adds a further centre, or changes nothing. Prints one JSON object: `centre`, `admin`
(its id), `username`, `totp_secret` (base32, for the administrator's authenticator).
"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services import bootstrap, proofs
from core import clock


class Command(BaseCommand):
    """Makes a centre and its administrator."""

    help = "Make the first centre and its administrator; prints JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the centre's code and names, and the administrator's sign-in."""
        parser.add_argument("--centre", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--name-en", default="")
        parser.add_argument("--admin-username", required=True)
        parser.add_argument("--admin-password", required=True)

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        centre = bootstrap.add_centre(
            code=options["centre"], name=options["name"], name_en=options["name_en"]
        )
        admin, device = bootstrap.add_admin(
            centre=centre,
            username=options["admin_username"],
            password=options["admin_password"],
            now=clock.now(),
        )
        self.stdout.write(
            json.dumps(
                {
                    "centre": centre.code,
                    "admin": str(admin.id),
                    "username": admin.username,
                    "totp_secret": proofs.typed(device.bin_key.hex()),
                }
            )
        )
