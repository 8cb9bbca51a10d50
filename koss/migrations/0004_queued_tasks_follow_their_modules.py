from django.db import migrations

MOVED = {
    "koss.outbox.send_due_mail": "koss.mail.outbox.send_due_mail",
    "payments.numbering.fetch_number": "payments.numbers.numbering.fetch_number",
    "payments.debits.send_debit": "payments.direct.debits.send_debit",
    "payments.resets.send": "payments.payer.resets.send",
}


def follow(apps, schema_editor):
    """A queue keeps the path of each task's function: what still waits must be found there."""
    results = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for old, new in MOVED.items():
        results.filter(task_path=old).update(task_path=new)


class Migration(migrations.Migration):

    dependencies = [
        ("koss", "0003_browser_counters"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
