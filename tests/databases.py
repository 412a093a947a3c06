"""Test databases: one template a state of the migrations, one clone a worker, on real PostgreSQL.

A template is migrated once and kept, so a second run starts in a second. A clone's name tells
which run made it; what a killed run left behind goes when the next run looks.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PREFIX = os.environ.get("HENGPING_TEST_DB", "test_hengping")
# Past this much of deleted rows the tables are truncated after all, or reading them gets slow.
_BLOAT = 16 * 2**20
# Only a superuser passes the append-only guards: he belongs to the test cluster alone.
_EMPTY = f"""
DO $$
DECLARE
    tables text[];
    one text;
    filled boolean;
    heap bigint;
BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT array_agg(format('%I', relname)), sum(pg_relation_size(oid)) INTO tables, heap
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission');
    IF heap > {_BLOAT} THEN
        EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ');
        RETURN;
    END IF;
    EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN SHARE ROW EXCLUSIVE MODE';
    FOREACH one IN ARRAY tables LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO filled;
        IF filled THEN
            EXECUTE 'DELETE FROM ' || one;
        END IF;
    END LOOP;
END $$
"""
_TURN = 0x48505445  # any number, as long as nobody else locks it


def template():
    """Return the name of a database with all migrations applied, making it when it is missing."""
    name = f"{PREFIX}_template_{_state_of_migrations()}"
    with _admin() as cursor:
        # Workers and runs take turns; the lock goes with the connection.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        names = _names(cursor)
        if name not in names:
            for old in names:
                if old.startswith(f"{PREFIX}_template_"):
                    _drop(cursor, old)
            _migrate(cursor, name)
        for left in names:
            if _is_left_behind(left):
                _drop(cursor, left)
    return name


def clone(template_name, suffix):
    """Return the name of a new copy of the template."""
    name = f"{PREFIX}_run{_run()}_{suffix}"
    with _admin() as cursor:
        _drop(cursor, name)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template_name)
            )
        )
    return name


def drop(name):
    """Drop a database, whoever is still connected."""
    with _admin() as cursor:
        _drop(cursor, name)


def use(name):
    """Point Django at a database, in every thread."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = name


def empty():
    """Delete every row that a test committed; the schema's own stand.

    Django's flush truncates a hundred tables, all empty but a few, and makes the content types
    anew: a second for each test. Like it, this waits for writers that are still at work.
    """
    connection = connections["default"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY)


def worker():
    """Return this worker's name, `alone` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def _migrate(cursor, name):
    making = f"{name}_making"
    _drop(cursor, making)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    before = connections["default"].settings_dict["NAME"]
    use(making)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        use(before)
    # Only now does it get the name by which it is found: no half-migrated template exists.
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(making), sql.Identifier(name)
        )
    )


def _state_of_migrations():
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for file in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _run():
    """Return the process id of the run: the controller's, which all workers share."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def _is_left_behind(name):
    match = re.fullmatch(rf"{re.escape(PREFIX)}_run(\d+)_.*", name)
    if match is None or int(match[1]) == _run():
        return False
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _names(cursor):
    cursor.execute("SELECT datname FROM pg_database")
    return [row[0] for row in cursor.fetchall()]


def _drop(cursor, name):
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _admin():
    """Yield a cursor on the cluster's own database, outside any transaction."""
    with connections["default"]._nodb_cursor() as cursor:
        yield cursor
