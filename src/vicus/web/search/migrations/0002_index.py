"""The index under the table of documents, kept by the database itself.

SQLite: an FTS5 table over the stems, kept by three triggers. PostgreSQL: a `tsvector` that is worked out from them, and
its GIN index. Whoever alters the table later makes the triggers of SQLite again: they go with the old table.
"""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        title_stems, stems, content='search_document', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4'
    )""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
        INSERT INTO search_index(rowid, title_stems, stems) VALUES (new.id, new.title_stems, new.stems);
    END""",
    """CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, title_stems, stems)
        VALUES ('delete', old.id, old.title_stems, old.stems);
    END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, title_stems, stems)
        VALUES ('delete', old.id, old.title_stems, old.stems);
        INSERT INTO search_index(rowid, title_stems, stems) VALUES (new.id, new.title_stems, new.stems);
    END""",
)
POSTGRES = (
    """ALTER TABLE search_document ADD COLUMN stem_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, title_stems), 'A')
        || setweight(to_tsvector('simple'::regconfig, stems), 'D')
    ) STORED""",
    "CREATE INDEX search_document_stem_vector ON search_document USING gin (stem_vector)",
)
BACK = {
    "sqlite": (
        "DROP TRIGGER search_document_added", "DROP TRIGGER search_document_gone",
        "DROP TRIGGER search_document_changed", "DROP TABLE search_index",
    ),
    "postgresql": ("ALTER TABLE search_document DROP COLUMN stem_vector",),
}


def forwards(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
