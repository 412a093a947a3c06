"""What is locked or signed stays: PostgreSQL refuses to change it.

A lock may only be lifted as a whole and while scoring goes on, which is the correction of facts
before the summary (MOF87 Art. 64).
"""

from __future__ import annotations

from django.db import migrations

SCORE = """
CREATE FUNCTION evaluation_score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats uuid[] := ARRAY[]::uuid[];
BEGIN
    IF TG_OP <> 'INSERT' THEN seats := seats || OLD.seat_id; END IF;
    IF TG_OP <> 'DELETE' THEN seats := seats || NEW.seat_id; END IF;
    IF EXISTS (SELECT 1 FROM evaluation_seat
               WHERE id = ANY(seats) AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'these scores are locked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER evaluation_score_guard BEFORE INSERT OR UPDATE OR DELETE ON evaluation_score
    FOR EACH ROW EXECUTE FUNCTION evaluation_score_guard();
"""

SEAT = """
CREATE FUNCTION evaluation_seat_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.locked_at IS NOT NULL
       AND (NEW.locked_at, NEW.lock_sha256, NEW.lock_signature)
           IS DISTINCT FROM (OLD.locked_at, OLD.lock_sha256, OLD.lock_signature)
       AND NOT (NEW.locked_at IS NULL AND EXISTS (
           SELECT 1 FROM evaluation_panel WHERE id = OLD.panel_id AND state = 'SCORING')) THEN
        RAISE EXCEPTION 'a lock stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_seat_guard BEFORE UPDATE ON evaluation_seat
    FOR EACH ROW EXECUTE FUNCTION evaluation_seat_guard();
"""

# Written once: what was declared, decided, reckoned and signed.
FROZEN = ("declaration", "reviewdecision", "result", "reportsignature", "reopening")


def _frozen(table: str) -> migrations.RunSQL:
    name = f"evaluation_{table}_append_only"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON evaluation_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hengping_append_only()",
        f"DROP TRIGGER {name} ON evaluation_{table}",
    )


def _guard(source: str, table: str) -> migrations.RunSQL:
    name = f"evaluation_{table}_guard"
    undo = f"DROP TRIGGER {name} ON evaluation_{table}; DROP FUNCTION {name}();"
    return migrations.RunSQL(source, undo)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_initial"),
        ("audit", "0002_append_only"),  # brings the function that refuses
    ]

    operations = [
        _guard(SCORE, "score"),
        _guard(SEAT, "seat"),
        *(_frozen(table) for table in FROZEN),
    ]
