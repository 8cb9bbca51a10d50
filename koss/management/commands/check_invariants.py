"""``manage.py check_invariants``: whether everything holds that must hold at any moment."""

import sys

from django.core.management.base import BaseCommand

from koss.ground.progress import followed
from koss.operation.invariants import RULES

_EXAMPLES = 5


class Command(BaseCommand):
    help = (
        "Count what breaks each rule that must hold at any moment: money, numbers, moves, the "
        "counter. Changes nothing. Exit status 1 when a rule is broken."
    )

    def handle(self, **_options):
        is_broken = False
        # On a terminal the lines themselves say how far it is.
        for rule in RULES if self.stdout.isatty() else followed(RULES, "rules"):
            rows = rule.broken()
            count = rows.count()
            verdict = "BROKEN" if count else "ok    "
            self.stdout.write(f"{verdict} {count:>9,}  {rule.name}: {rule.sentence}")
            for row in rows.order_by()[:_EXAMPLES] if count else ():
                is_broken = True
                self.stdout.write(f"{'':18}{_named(row)}")
        if is_broken:
            sys.exit(1)


def _named(row):
    """A row as somebody finds it again."""
    if isinstance(row, dict):
        return ", ".join(f"{name} {value}" for name, value in row.items())
    return f"{row._meta.model_name} {row.pk}: {row}"
