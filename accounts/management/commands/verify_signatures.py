"""`manage.py verify_signatures`: check every kept signature again, print one JSON object.

Each is checked over its own kept body, under its certificate, within that one's term and the
revocation list of its day. Exit 0 all hold, 1 one does not (its id stands in `broken`), 3 the
environment.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from typing_extensions import override

from accounts.adapters.authority import AuthorityError
from accounts.models import Signature
from accounts.services import signatures

BROKEN, ENVIRONMENT = 1, 3
_AT_ONCE = 500


class Command(BaseCommand):
    """Checks every kept signature again."""

    help = "Check every kept signature over its kept body; one JSON object on stdout."
    requires_system_checks = ()

    @override
    def handle(self, **_: Any) -> None:
        kept = Signature.objects.select_related("certificate", "revocation").order_by("pk")
        count, broken = 0, []
        try:
            for one in kept.iterator(chunk_size=_AT_ONCE):
                count += 1
                if not signatures.holds(one):
                    broken.append(str(one.pk))
        except (OSError, DatabaseError, ImproperlyConfigured, AuthorityError) as error:
            raise CommandError(str(error), returncode=ENVIRONMENT) from error
        told = {"valid": not broken, "signatures": count, "broken": broken}
        self.stdout.write(json.dumps(told))
        if broken:
            raise CommandError(f"{len(broken)} of {count} do not hold", returncode=BROKEN)
