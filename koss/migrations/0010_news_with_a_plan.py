from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("koss", "0009_mails_keep_codes")]

    operations = [
        migrations.AddField(
            "news", "is_draft", models.BooleanField(default=False, verbose_name="下書き")
        ),
        migrations.AddField(
            "news",
            "published_until",
            models.DateTimeField(blank=True, null=True, verbose_name="掲載終了日時"),
        ),
        migrations.AddField(
            "news",
            "stops_at",
            models.DateTimeField(blank=True, null=True, verbose_name="計画停止の開始"),
        ),
        migrations.AddField(
            "news",
            "resumes_at",
            models.DateTimeField(blank=True, null=True, verbose_name="計画停止の終了"),
        ),
        migrations.AddIndex(
            "news",
            models.Index(
                fields=["resumes_at"],
                name="news_of_planned_stops",
                condition=models.Q(resumes_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "news",
            models.CheckConstraint(
                name="a_planned_stop_has_both_ends",
                condition=models.Q(stops_at=None, resumes_at=None)
                | models.Q(resumes_at__gt=models.F("stops_at")),
            ),
        ),
    ]
