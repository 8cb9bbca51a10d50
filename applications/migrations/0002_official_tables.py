"""The rates and offices that every installation starts with."""

from django.db import migrations

from applications.intake import official_tables


def load(apps, schema_editor):
    official_tables.load(apps.get_model("applications", "Rate"), apps.get_model("applications", "Office"))


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
