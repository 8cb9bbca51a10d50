from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_bulk_interface")]

    operations = [
        migrations.AddField(
            "office",
            "address",
            models.CharField(blank=True, default="", max_length=200, verbose_name="住所"),
            preserve_default=False,
        ),
        migrations.AddField(
            "office",
            "hours",
            models.CharField(blank=True, default="", max_length=100, verbose_name="受付時間"),
            preserve_default=False,
        ),
    ]
