"""``press_key`` and its constraint get the name that the code uses: request key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0012_corrections_with_files")]

    operations = [
        migrations.RemoveConstraint("historyentry", "one_move_per_press"),
        migrations.RenameField("historyentry", "press_key", "request_key"),
        migrations.AddConstraint(
            "historyentry",
            models.UniqueConstraint(
                fields=["application", "request_key"], name="one_move_per_request_key"
            ),
        ),
    ]
