"""`manage.py demo_world`: load the demo's world, or say again how to come in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo_world.schedule import StoryTime
from config.demo_world.world import HalfLoaded, begin, load


class Command(BaseCommand):
    """Refused outside demo and test settings: it sets the story's clock."""

    help = "Load the world of the demo, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the clock be set before the neighbours start: a bank's day never goes back."""
        parser.add_argument("--begin", action="store_true", help="only set the story's clock")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load it and print the sign-in card."""
        time = StoryTime.of_environment()
        if settings.MODE not in {"demo", "test"} or time is None:
            raise CommandError("演示数据只能载入演示环境 / only a demo has a demo world")
        if options["begin"]:
            begin(time=time)
            return
        try:
            text = load(run=settings.RUN_DIR, time=time)
        except HalfLoaded:
            raise CommandError(
                "演示数据只载入了一半，请运行 ./dev demo --fresh\n"
                "The demo world was left half made; run ./dev demo --fresh"
            ) from None
        self.stdout.write(text)
