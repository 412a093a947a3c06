"""Fixtures every test may use: people, worlds, a frozen clock."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def _emptying_between_tests_passes_the_guards():
    """Let the runner's TRUNCATE through the append-only triggers, and nothing else."""

    def flush(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            # Only a superuser may do this: it belongs to the test cluster, not to the product.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield
