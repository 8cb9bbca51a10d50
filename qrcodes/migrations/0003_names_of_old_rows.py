from django.db import migrations

from koss.ground import name_search


def fill(apps, schema_editor):
    for model in ["Receiver", "Code", "Pickup"]:
        name_search.fill(apps.get_model("qrcodes", model), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("qrcodes", "0002_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
