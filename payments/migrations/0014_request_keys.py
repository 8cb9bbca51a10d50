"""``press_key`` and its constraints get the name that the code uses: request key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_refunds_say_by_whom")]

    operations = [
        migrations.RemoveConstraint("paymentinformation", "one_information_per_press_and_kind"),
        migrations.RemoveConstraint("paymentuser", "one_user_per_press"),
        migrations.RenameField("paymentinformation", "press_key", "request_key"),
        migrations.RenameField("paymentuser", "press_key", "request_key"),
        migrations.AddConstraint(
            "paymentinformation",
            models.UniqueConstraint(
                fields=["request_key", "kind"],
                name="one_information_per_request_key_and_kind",
                condition=models.Q(request_key__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "paymentuser",
            models.UniqueConstraint(
                fields=["request_key"],
                name="one_user_per_request_key",
                condition=models.Q(request_key__isnull=False),
            ),
        ),
    ]
