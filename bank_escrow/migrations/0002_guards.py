"""What the database itself refuses: editing the books, posting past the function, paying twice.

One function posts. It takes its locks in the order of the accounts' codes, so that two postings
never wait for each other in a circle, and it is idempotent by the entry's id: the same entry again
is a replay, the same id with other content an error.

Triggers stop mistakes and the application. A superuser can switch them off; signed seals outside
the database are for that.
"""

from __future__ import annotations

from django.db import migrations

POST = """
CREATE FUNCTION bank_escrow_post(
    p_entry uuid, p_kind text, p_date date, p_source_type text, p_source uuid,
    p_at timestamptz, p_lines jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_sha text := encode(sha256(convert_to(
        concat_ws('|', p_kind, p_source_type, p_source, p_lines::text), 'UTF8')), 'hex');
    v_known text;
BEGIN
    IF jsonb_array_length(p_lines) = 0 THEN
        RAISE EXCEPTION 'an entry without lines' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM set_config('bank_escrow.posting', p_entry::text, true);
    INSERT INTO bank_escrow_journalentry
        (id, kind, business_date, source_type, source_id, content_sha, created_at)
    VALUES (p_entry, p_kind, p_date, p_source_type, p_source, v_sha, p_at)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT content_sha INTO v_known FROM bank_escrow_journalentry WHERE id = p_entry;
        IF v_known <> v_sha THEN
            RAISE EXCEPTION 'entry % exists with other content', p_entry
                USING ERRCODE = 'unique_violation';
        END IF;
        PERFORM set_config('bank_escrow.posting', '', true);
        RETURN false;
    END IF;
    INSERT INTO bank_escrow_ledgeraccount (code, kind, dp, cp)
    SELECT code, left(code, 1), 0, 0
    FROM (SELECT DISTINCT unnest(ARRAY[l->>0, l->>1]) AS code
          FROM jsonb_array_elements(p_lines) AS l) AS codes
    ORDER BY code
    ON CONFLICT (code) DO NOTHING;
    PERFORM 1 FROM bank_escrow_ledgeraccount
    WHERE code IN (SELECT unnest(ARRAY[l->>0, l->>1]) FROM jsonb_array_elements(p_lines) AS l)
    ORDER BY code FOR UPDATE;
    INSERT INTO bank_escrow_journalline (entry_id, n, debit_id, credit_id, amount_fen)
    SELECT p_entry, n, l->>0, l->>1, (l->>2)::bigint
    FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS lines(l, n);
    UPDATE bank_escrow_ledgeraccount AS account
    SET dp = account.dp + sums.d, cp = account.cp + sums.c
    FROM (SELECT code, sum(d) AS d, sum(c) AS c FROM (
            SELECT l->>0 AS code, (l->>2)::bigint AS d, 0 AS c
            FROM jsonb_array_elements(p_lines) AS l
            UNION ALL
            SELECT l->>1, 0, (l->>2)::bigint FROM jsonb_array_elements(p_lines) AS l
          ) AS sides GROUP BY code) AS sums
    WHERE account.code = sums.code;
    PERFORM set_config('bank_escrow.posting', '', true);
    RETURN true;
END $$;
"""

ONLY_BY_FUNCTION = """
CREATE FUNCTION bank_escrow_only_by_function() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('bank_escrow.posting', true), '') = '' THEN
        RAISE EXCEPTION '% is written by bank_escrow_post alone', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# The pairs of `domain.lifecycle.INSTRUCTION`; a test keeps the two equal.
INSTRUCTION = """
CREATE FUNCTION bank_escrow_instruction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.bank_id, NEW.credit_id, NEW.deposit_id, NEW.seq, NEW.purpose, NEW.amount_fen,
        NEW.with_interest, NEW.from_suspense, NEW.basis, NEW.document, NEW.due_at, NEW.serial,
        NEW.content_sha, NEW.needs_release, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.bank_id, OLD.credit_id, OLD.deposit_id, OLD.seq, OLD.purpose, OLD.amount_fen,
        OLD.with_interest, OLD.from_suspense, OLD.basis, OLD.document, OLD.due_at, OLD.serial,
        OLD.content_sha, OLD.needs_release, OLD.created_at) THEN
        RAISE EXCEPTION 'what an instruction says is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'DRAFT>SUBMITTED', 'DRAFT>CANCELLED',
        'SUBMITTED>APPROVED', 'SUBMITTED>CANCELLED',
        'APPROVED>QUEUED', 'APPROVED>CANCELLED',
        'QUEUED>SENDING', 'QUEUED>APPROVED', 'QUEUED>CANCELLED',
        'SENDING>QUEUED', 'SENDING>DONE', 'SENDING>FAILED_BANK', 'SENDING>PROCESSING',
        'SENDING>UNKNOWN', 'SENDING>BREAK',
        'PROCESSING>DONE', 'PROCESSING>FAILED_BANK', 'PROCESSING>ABSENT', 'PROCESSING>BREAK',
        'UNKNOWN>DONE', 'UNKNOWN>FAILED_BANK', 'UNKNOWN>ABSENT', 'UNKNOWN>BREAK',
        'ABSENT>DONE', 'ABSENT>FAILED_BANK', 'ABSENT>FAILED_CONFIRMED', 'ABSENT>BREAK',
        'BREAK>DONE', 'BREAK>FAILED_CONFIRMED',
        'DONE>RETURNED'
    ) THEN
        RAISE EXCEPTION 'an instruction does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.maker, NEW.maker_signature) IS DISTINCT FROM (OLD.maker, OLD.maker_signature)
       AND OLD.state <> 'DRAFT'
       OR (NEW.checker, NEW.checker_signature) IS DISTINCT FROM (OLD.checker, OLD.checker_signature)
       AND OLD.state <> 'SUBMITTED'
       OR (NEW.releaser, NEW.releaser_signature)
          IS DISTINCT FROM (OLD.releaser, OLD.releaser_signature)
       AND OLD.state <> 'APPROVED' THEN
        RAISE EXCEPTION 'a hand once given stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.bank_day, NEW.wire_sealed, NEW.wire_sha)
       IS DISTINCT FROM (OLD.bank_day, OLD.wire_sealed, OLD.wire_sha)
       AND OLD.state <> 'APPROVED' THEN
        RAISE EXCEPTION 'what is queued is sent as it stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

CREDIT = """
CREATE FUNCTION bank_escrow_credit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.bank_id, NEW.account_index, NEW.bank_ref, NEW.deposit_id, NEW.amount_fen,
        NEW.currency, NEW.booked_at, NEW.bank_day, NEW.personal, NEW.payer_sealed,
        NEW.payer_index, NEW.content)
       IS DISTINCT FROM
       (OLD.id, OLD.bank_id, OLD.account_index, OLD.bank_ref, OLD.deposit_id, OLD.amount_fen,
        OLD.currency, OLD.booked_at, OLD.bank_day, OLD.personal, OLD.payer_sealed,
        OLD.payer_index, OLD.content) THEN
        RAISE EXCEPTION 'what the bank booked is never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

MESSAGE = """
CREATE FUNCTION bank_escrow_message_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.bank_id, NEW.received_at, NEW.raw_sealed, NEW.sha)
       IS DISTINCT FROM (OLD.id, OLD.bank_id, OLD.received_at, OLD.raw_sealed, OLD.sha)
       OR OLD.state <> 'NEW' THEN
        RAISE EXCEPTION 'evidence is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def _function(source: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(source, f"DROP FUNCTION {name}")


def _refuse(table: str, *acts: str) -> migrations.RunSQL:
    name = f"bank_escrow_{table}_append_only"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {' OR '.join(acts)} ON bank_escrow_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hengping_append_only()",
        f"DROP TRIGGER {name} ON bank_escrow_{table}",
    )


def _only_by_function(table: str, acts: str) -> migrations.RunSQL:
    name = f"bank_escrow_{table}_only_by_function"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {acts} ON bank_escrow_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bank_escrow_only_by_function()",
        f"DROP TRIGGER {name} ON bank_escrow_{table}",
    )


def _guard(table: str, function: str) -> migrations.RunSQL:
    name = f"bank_escrow_{table}_guard"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON bank_escrow_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON bank_escrow_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("bank_escrow", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        _function(POST, "bank_escrow_post(uuid, text, date, text, uuid, timestamptz, jsonb)"),
        _function(ONLY_BY_FUNCTION, "bank_escrow_only_by_function()"),
        _function(INSTRUCTION, "bank_escrow_instruction_guard()"),
        _function(CREDIT, "bank_escrow_credit_guard()"),
        _function(MESSAGE, "bank_escrow_message_guard()"),
        _refuse("journalentry", "UPDATE", "DELETE", "TRUNCATE"),
        _refuse("journalline", "UPDATE", "DELETE", "TRUNCATE"),
        _refuse("ledgeraccount", "DELETE", "TRUNCATE"),
        _refuse("statement", "UPDATE", "DELETE", "TRUNCATE"),
        _refuse("statementrow", "UPDATE", "DELETE", "TRUNCATE"),
        *(
            _refuse(table, "DELETE", "TRUNCATE")
            for table in ("bankcredit", "bankmessage", "instruction", "deposit", "outbox", "break")
        ),
        _only_by_function("journalentry", "INSERT"),
        _only_by_function("journalline", "INSERT"),
        _only_by_function("ledgeraccount", "INSERT OR UPDATE"),
        _guard("instruction", "bank_escrow_instruction_guard"),
        _guard("bankcredit", "bank_escrow_credit_guard"),
        _guard("bankmessage", "bank_escrow_message_guard"),
    ]
