"""Batches could not be paid before payment users existed, so only a demo can hold such rows."""

from django.core.management.base import CommandError
from django.db import migrations


def refuse(apps, schema_editor):
    batched = apps.get_model("applications", "Application").objects.exclude(
        payment_method="individual"
    )
    if batched.exists():
        raise CommandError(
            "This database holds a demo of an earlier version. Begin it anew: "
            "delete the data directory (.data), or give an empty database."
        )


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_official_tables")]

    operations = [migrations.RunPython(refuse, migrations.RunPython.noop, elidable=True)]
