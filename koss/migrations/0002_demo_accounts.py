from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("koss", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemoAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receipt_number", models.CharField(editable=False, max_length=17, verbose_name="受付番号")),
                ("shows", models.CharField(editable=False, max_length=200, verbose_name="見られるもの")),
                ("needs_login", models.BooleanField(default=False, editable=False, verbose_name="ログインから試す")),
            ],
            options={
                "verbose_name": "デモ用の申請",
                "verbose_name_plural": "デモ用の申請",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("receipt_number",), name="one_demo_account_per_receipt_number"),
                ],
            },
        ),
    ]
