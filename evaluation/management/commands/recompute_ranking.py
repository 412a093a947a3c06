"""`manage.py recompute_ranking FILE`: reckon a filed case again, print one JSON object.

FILE is `{"case", "outcome"}` as `/eval/<panel>/case.json` gives it, or a bare case, which has no
outcome to differ from. Exit 0 it comes out the same, 1 it differs (`differences` holds the JSON
pointers), 2 bad input with the JSON pointer on stderr, 3 the environment.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.door import BadInput
from evaluation.domain.ranking import digest, recompute

BROKEN, BAD_INPUT, ENVIRONMENT = 1, 2, 3


class Command(BaseCommand):
    """Reckon a filed ranking again."""

    help = "Reckon a filed ranking again; one JSON object on stdout."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    @override
    def handle(self, **options: Any) -> None:
        body = _read(Path(options["file"]))
        try:
            outcome, found = recompute(body)
        except BadInput as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        answer = {
            "valid": not found,
            "case_sha256": digest(body.get("case", body)),
            "differences": found,
            "outcome": outcome,
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if found:
            raise CommandError("the filed outcome differs", returncode=BROKEN)


def _read(path: Path) -> dict[str, Any]:
    try:
        body = json.loads(path.read_bytes(), parse_float=_no_floats)
    except FileNotFoundError as error:
        raise CommandError(f"/: {error}", returncode=BAD_INPUT) from error
    except OSError as error:
        raise CommandError(str(error), returncode=ENVIRONMENT) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"/: not JSON: {error}", returncode=BAD_INPUT) from error
    if not isinstance(body, dict):
        raise CommandError("/: an object is wanted", returncode=BAD_INPUT)
    return body


def _no_floats(text: str) -> NoReturn:
    raise ValueError(f"{text}: decimals are written as strings")
