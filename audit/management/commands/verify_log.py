"""`manage.py verify_log`: recompute all chains and the whole log, print one JSON object.

Exit 0 valid, 1 broken, 2 bad input, 3 the environment. `--checkpoint FILE` gives a checkpoint that
was kept outside, from a receipt or a witness: the log must have grown from it. `--log-key FILE`
checks against a public key kept outside instead of the installation's own.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from typing_extensions import override

from audit.domain.faults import Findings
from audit.selectors import latest_checkpoint
from audit.services.keys import log_key
from audit.services.verify import verify_all
from sealing import checkpoint
from sealing.errors import SealingError

BROKEN, BAD_INPUT, ENVIRONMENT = 1, 2, 3


class Command(BaseCommand):
    """Recompute all chains and the whole log."""

    help = "Recompute all chains and the transparency log; one JSON object on stdout."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log-key", metavar="FILE", help="the log's public key, kept outside")
        parser.add_argument(
            "--checkpoint",
            metavar="FILE",
            action="append",
            default=[],
            help="a signed checkpoint kept outside; may be given several times",
        )

    @override
    def handle(self, **options: Any) -> None:
        try:
            key = _key(options["log_key"])
            known = [_checkpoint(name, key) for name in options["checkpoint"]]
            findings = _verify(key, known)
        except (SealingError, UnicodeDecodeError) as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        except (OSError, DatabaseError, ImproperlyConfigured) as error:
            raise CommandError(str(error), returncode=ENVIRONMENT) from error
        newest = latest_checkpoint()
        state = {"size": newest.size, "root": bytes(newest.root).hex()} if newest else None
        self.stdout.write(json.dumps({**findings.as_json(), "log": state}, ensure_ascii=False))
        if not findings.valid:
            raise CommandError("the log or a chain is broken", returncode=BROKEN)


def _verify(key: checkpoint.LogKey, known: list[checkpoint.Checkpoint]) -> Findings:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            # One instant for all tables: the log goes on ticking while it is read.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return verify_all(log_key=key, known=known)


def _key(name: str | None) -> checkpoint.LogKey:
    if name is None:
        return log_key()
    return checkpoint.LogKey.loads(_read(name))


def _checkpoint(name: str, key: checkpoint.LogKey) -> checkpoint.Checkpoint:
    return checkpoint.verify(_read(name), log_key=key)


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(str(error), returncode=BAD_INPUT) from error
