"""`manage.py demo_code USERNAME`: what an authenticator would show now, for people without one.

It reads the file that the demo laid beside the certificates, so it needs no database.
"""

from __future__ import annotations

import base64
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_otp.oath import TOTP

from config.demo_world.shelf import Shelf

STEP = 30


class Command(BaseCommand):
    """Refused outside demo and test settings."""

    help = "Print the current code of somebody in the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the person."""
        parser.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the code and how long it still holds; like any such code it opens once."""
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("只有演示环境能显示验证码 / only a demo shows codes")
        known = Shelf(run=settings.RUN_DIR).authenticator("x").parent
        names = {file.stem: file for file in known.glob("*.otpauth")}
        file = names.get(options["username"].lower())
        if file is None:
            raise CommandError(f"没有这个用户 / nobody of this name: {options['username']}")
        (secret,) = parse_qs(urlsplit(file.read_text(encoding="utf-8")).query)["secret"]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        left = STEP - int(time.time()) % STEP
        self.stdout.write(f"{TOTP(key, step=STEP).token():06d}")
        self.stderr.write(f"（还有 {left} 秒有效，只能用一次 / valid for {left} s, opens once）")
