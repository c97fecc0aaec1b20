"""Database triggers that keep a version of a perimeter as it is, whoever speaks to the database."""

from typing import Any

TABLE = "hotspots_perimeter"
REFUSAL = "A perimeter is not edited: a change is a new version."

# All columns but valid_to: a version may be closed, once.
FIXED = (
    "id, hotspot_id, version, designation, geometry, x_min, ymin, x_max, ymax, area_m2, valid_from, review_due, "
    "ends_on, order_reference, decided_by, decision_reference, legal_basis, purpose, entry_criteria, "
    "exit_criteria, buffer_m, controls, origin, created_at"
)

SQLITE = {
    f"{TABLE}_fixed": f"""
        CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE OF {FIXED} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"{TABLE}_closed_once": f"""
        CREATE TRIGGER {TABLE}_closed_once BEFORE UPDATE OF valid_to ON {TABLE}
        WHEN OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
}

POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL
            OR (to_jsonb(OLD) - 'valid_to') IS DISTINCT FROM (to_jsonb(NEW) - 'valid_to')
          THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END IF;
          RETURN NEW;
        END $$""",
    f"""CREATE TRIGGER {TABLE}_fixed BEFORE UPDATE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()""",
]


def install(connection: Any) -> None:
    """Put the triggers in place, on SQLite or PostgreSQL."""
    if connection.vendor not in ("sqlite", "postgresql"):
        raise NotImplementedError(f"Perimeters have no triggers for {connection.vendor}.")
    statements = list(SQLITE.values()) if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the triggers away, when the migration is undone."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_fixed ON {TABLE}")
