"""What was written stays: PostgreSQL refuses to change or remove it.

Triggers stop mistakes and the application; a superuser can switch them off, which is what hash
chains, signed checkpoints and witnesses are for.
"""

from __future__ import annotations

from django.db import migrations

# Wholly append-only: not even a statement that would touch no row is let through.
FROZEN = ("event", "logtick", "treenode", "checkpoint", "stamp")
# Written once more after the insert, in the way the function below allows.
GUARDED = ("command", "streamhead", "logentry")

REFUSE = """
CREATE FUNCTION hengping_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

COMMAND = """
CREATE FUNCTION audit_command_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reply IS NOT NULL
       OR (NEW.id, NEW.actor, NEW.body_sha, NEW.at)
          IS DISTINCT FROM (OLD.id, OLD.actor, OLD.body_sha, OLD.at) THEN
        RAISE EXCEPTION 'a command is answered once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

STREAMHEAD = """
CREATE FUNCTION audit_streamhead_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stream <> OLD.stream OR NEW.seq < OLD.seq
       OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash) THEN
        RAISE EXCEPTION 'a stream only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

LOGENTRY = """
CREATE FUNCTION audit_logentry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.tick_id IS NOT NULL
       OR (NEW.id, NEW.kind, NEW.body, NEW.salt, NEW.leaf_hash, NEW.queued_at)
          IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.body, OLD.salt, OLD.leaf_hash, OLD.queued_at) THEN
        RAISE EXCEPTION 'a log entry is placed once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def _refuse(table: str, *acts: str) -> migrations.RunSQL:
    name = f"audit_{table}_append_only"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {' OR '.join(acts)} ON audit_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hengping_append_only()",
        f"DROP TRIGGER {name} ON audit_{table}",
    )


def _guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER audit_{table}_guard BEFORE UPDATE ON audit_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION audit_{table}_guard()",
        f"DROP TRIGGER audit_{table}_guard ON audit_{table}",
    )


def _function(source: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(source, f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        _function(REFUSE, "hengping_append_only"),
        _function(COMMAND, "audit_command_guard"),
        _function(STREAMHEAD, "audit_streamhead_guard"),
        _function(LOGENTRY, "audit_logentry_guard"),
        *(_refuse(table, "UPDATE", "DELETE", "TRUNCATE") for table in FROZEN),
        *(_refuse(table, "DELETE", "TRUNCATE") for table in GUARDED),
        *(_guard(table) for table in GUARDED),
    ]
