from typing import Any

from django.db import migrations, models


def keep_messages(apps: Any, schema_editor: Any) -> None:
    for entry in apps.get_model("facts", "Import").objects.exclude(message=""):
        entry.said = [entry.message]
        entry.save(update_fields=["said"])


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_first")]

    operations = [
        migrations.AddField(
            "import",
            "said",
            models.JSONField(blank=True, default=list, verbose_name="message"),
        ),
        migrations.RunPython(keep_messages, migrations.RunPython.noop),
        migrations.RemoveField("import", "message"),
    ]
