"""`manage.py verify_draw KIND ID`: hold a draw again from its record, print one JSON object.

Kinds: `experts` (ID of the draw, which is the panel's), `ties` (ID of the panel). Exit 0 the draw
comes out as recorded and its entropy is in the log, 1 it does not, 2 bad input, 3 the environment.
Of experts it prints the draw's number among its lot's and those given up before it.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from typing_extensions import override

from core.draws import DrawMismatch
from evaluation.services import draw_checks

BROKEN, BAD_INPUT, ENVIRONMENT = 1, 2, 3


class Command(BaseCommand):
    """Hold a draw again."""

    help = "Hold a recorded draw again; one JSON object on stdout."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=" or ".join(draw_checks.KINDS))
        parser.add_argument("id", metavar="ID", help="UUID of the draw or panel")

    @override
    def handle(self, **options: Any) -> None:
        kind = options["kind"]
        if kind not in draw_checks.KINDS:
            raise CommandError(
                f"/kind: one of {', '.join(draw_checks.KINDS)}", returncode=BAD_INPUT
            )
        try:
            answer = draw_checks.check(kind=kind, draw_id=UUID(options["id"]))
        except ValueError as error:
            raise CommandError(f"/id: {error}", returncode=BAD_INPUT) from error
        except draw_checks.NoSuchDraw as error:
            raise CommandError(f"/id: {error}", returncode=BAD_INPUT) from error
        except DrawMismatch as error:
            said = {"kind": kind, "id": options["id"], "valid": False, "error": str(error)}
            self.stdout.write(json.dumps({**said, "field": error.field}, ensure_ascii=False))
            raise CommandError(str(error), returncode=BROKEN) from error
        except DatabaseError as error:
            raise CommandError(str(error), returncode=ENVIRONMENT) from error
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
