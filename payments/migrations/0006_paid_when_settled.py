"""A charge is paid at the moment at which the bank settled, not when the portal heard of it."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def take_the_moment_of_the_money(apps, schema_editor):
    charge = apps.get_model("applications", "Charge")
    line = apps.get_model("payments", "PaymentLine")
    settled = line.objects.filter(
        charge=OuterRef("pk"),
        released_at=None,
        information__notices__verdict="applied",
    ).values("information__notices__settled_at")[:1]
    paid = charge.objects.filter(paid_at__isnull=False)
    paid.filter(lines__released_at=None, lines__information__notices__verdict="applied").update(
        paid_at=Subquery(settled)
    )


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0005_one_user_per_press"),
        ("applications", "0005_charges_by_one_door"),
    ]

    operations = [
        migrations.RunPython(take_the_moment_of_the_money, migrations.RunPython.noop),
    ]
