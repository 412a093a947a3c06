"""`manage.py demo_code USERNAME`: what an authenticator would show now, for people without one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice


class Command(BaseCommand):
    """Refused outside demo and test settings."""

    help = "Print the second factor's current code of somebody in the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the person."""
        parser.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print a code that was not used yet."""
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("只有演示环境能显示验证码 / only a demo shows codes")
        device = TOTPDevice.objects.filter(
            user__username=options["username"].lower(), confirmed=True
        ).first()
        if device is None:
            raise CommandError(f"没有这个用户：{options['username']} / no such person")
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        if device.last_t >= totp.t():
            totp.drift += device.last_t + 1 - totp.t()  # a code opens once; the next one also fits
        self.stdout.write(f"{totp.token():0{device.digits}d}")
