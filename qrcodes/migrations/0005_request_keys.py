"""The keys of issuing and using a code get the name that the code uses: request key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("qrcodes", "0004_papers_by_code")]

    operations = [
        migrations.RemoveConstraint("code", "one_code_per_press"),
        migrations.RenameField("code", "issue_press", "issue_request_key"),
        migrations.RenameField("code", "use_press", "use_request_key"),
        migrations.AddConstraint(
            "code",
            models.UniqueConstraint(
                fields=["application", "issue_request_key"],
                name="one_code_per_request_key",
                condition=~models.Q(issue_request_key=""),
            ),
        ),
    ]
