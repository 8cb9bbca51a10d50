from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("koss", "0007_staff_events")]

    operations = [
        migrations.AddField(
            "outgoingmail",
            "language",
            models.CharField(default="ja", editable=False, max_length=10, verbose_name="メールの言語"),
        ),
        migrations.AddField(
            "outgoingmail",
            "sealed",
            models.BooleanField(default=False, editable=False, verbose_name="本人だけが読むメール"),
        ),
        migrations.RemoveField("outgoingmail", "subject"),
        migrations.RemoveField("outgoingmail", "body"),
    ]
