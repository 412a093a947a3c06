"""`manage.py check_ledger`: ask the ledger's invariants and print one JSON object.

`{"trial_balance_fen": 0, "invariants": [{"code", "says", "holds", "broken"}]}`. Exit codes: 0 all
hold; 1 one does not, and every bank has been stopped; 3 the environment.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from bank_escrow.services.books import stop_unless_sound
from bank_escrow.services.check import check, trial_balance_fen
from core import clock


class Command(BaseCommand):
    """Check the ledger."""

    help = "Check the ledger's invariants; stops every bank if one does not hold."

    def handle(self, **_options: Any) -> None:
        """Print the answers and leave with their exit code."""
        try:
            answers = check()
            balance = trial_balance_fen()
        except DatabaseError as error:
            self.stderr.write(f"the database does not answer: {type(error).__name__}")
            sys.exit(3)
        self.stdout.write(
            json.dumps(
                {
                    "trial_balance_fen": balance,
                    "invariants": [
                        {
                            "code": answer.code,
                            "says": answer.says,
                            "holds": answer.holds,
                            "broken": answer.broken,
                        }
                        for answer in answers
                    ],
                }
            )
        )
        if not stop_unless_sound(answers, now=clock.now()) or balance:
            sys.exit(1)
