# ruff: noqa: S608 (the statements are put together from constants)
"""Database triggers that keep the audit trail append-only, whoever speaks to the database."""

from typing import Any

RECORD, HEAD = "audit_record", "audit_head"
REFUSAL = "Records of the audit trail are never changed or removed."

SQLITE = {
    f"{RECORD}_no_update": f"""
        CREATE TRIGGER {RECORD}_no_update BEFORE UPDATE ON {RECORD}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"{RECORD}_no_delete": f"""
        CREATE TRIGGER {RECORD}_no_delete BEFORE DELETE ON {RECORD}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # The head moves one record forward at a time, to a record that is there.
    f"{HEAD}_forward": f"""
        CREATE TRIGGER {HEAD}_forward BEFORE UPDATE ON {HEAD}
        WHEN NEW.number <> OLD.number + 1 OR NOT EXISTS
          (SELECT 1 FROM {RECORD} WHERE number = NEW.number AND seal = NEW.seal AND previous = OLD.seal)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"{HEAD}_no_delete": f"""
        CREATE TRIGGER {HEAD}_no_delete BEFORE DELETE ON {HEAD}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
}

POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$""",
    f"""CREATE OR REPLACE FUNCTION audit_forward() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.number <> OLD.number + 1 OR NOT EXISTS
            (SELECT 1 FROM {RECORD} WHERE number = NEW.number AND seal = NEW.seal AND previous = OLD.seal)
          THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END IF;
          RETURN NEW;
        END $$""",
    f"""CREATE TRIGGER {RECORD}_fixed BEFORE UPDATE OR DELETE ON {RECORD}
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    f"""CREATE TRIGGER {RECORD}_no_truncate BEFORE TRUNCATE ON {RECORD}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    f"""CREATE TRIGGER {HEAD}_forward BEFORE UPDATE ON {HEAD}
        FOR EACH ROW EXECUTE FUNCTION audit_forward()""",
    f"""CREATE TRIGGER {HEAD}_no_delete BEFORE DELETE ON {HEAD}
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    f"""CREATE TRIGGER {HEAD}_no_truncate BEFORE TRUNCATE ON {HEAD}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
]

POSTGRESQL_REMOVE = [
    f"DROP TRIGGER IF EXISTS {RECORD}_fixed ON {RECORD}",
    f"DROP TRIGGER IF EXISTS {RECORD}_no_truncate ON {RECORD}",
    f"DROP TRIGGER IF EXISTS {HEAD}_forward ON {HEAD}",
    f"DROP TRIGGER IF EXISTS {HEAD}_no_delete ON {HEAD}",
    f"DROP TRIGGER IF EXISTS {HEAD}_no_truncate ON {HEAD}",
]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install(connection: Any) -> None:
    """Put the triggers in place, on SQLite or PostgreSQL."""
    if connection.vendor == "sqlite":
        _run(connection, list(SQLITE.values()))
    elif connection.vendor == "postgresql":
        _run(connection, POSTGRESQL)
    else:
        raise NotImplementedError(f"The audit trail has no triggers for {connection.vendor}.")


def remove(connection: Any) -> None:
    """Take the triggers away: for undoing the migration, and for emptying a test database."""
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE])
    else:
        _run(connection, POSTGRESQL_REMOVE)
