from django.db import migrations

from koss.ground import name_search


def fill(apps, schema_editor):
    for model in ["PaymentUser"]:
        name_search.fill(apps.get_model("payments", model), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
