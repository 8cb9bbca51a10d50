from django.db import migrations, models

from koss.ground.online import AddIndexOnline

_UNCOUNTED = (
    "take_in",
    "accept",
    "settle",
    "order_correction",
    "send_correction",
    "hand_over",
    "record_return",
)


def _is_counted():
    condition = models.Q()
    for move in _UNCOUNTED:
        condition &= ~models.Q(move=move)
    return condition


class Migration(migrations.Migration):
    atomic = False  # the index is made while the table is written

    dependencies = [("applications", "0021_reviews")]

    operations = [
        AddIndexOnline(
            model_name="historyentry",
            index=models.Index(
                fields=["at", "move", "application"],
                name="history_counted_by_day",
                condition=_is_counted(),
            ),
        ),
    ]
