from django.db import migrations

DUPLICATE = "納付番号の重複"


def keep_codes(apps, schema_editor):
    """The one refusal that the program gave in words becomes a code."""
    rows = apps.get_model("payments", "PaymentInformation").objects
    rows.filter(refusal=DUPLICATE).update(refusal="duplicate_number")
    debits = apps.get_model("payments", "DebitOrder").objects
    debits.filter(failure=DUPLICATE).update(failure="duplicate_number")


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_language_and_words")]

    operations = [migrations.RunPython(keep_codes, migrations.RunPython.noop)]
