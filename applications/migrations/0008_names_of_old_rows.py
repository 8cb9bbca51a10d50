from django.db import migrations

from koss.ground import name_search


def fill(apps, schema_editor):
    for model in ["Application"]:
        name_search.fill(apps.get_model("applications", model), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("applications", "0007_names")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
