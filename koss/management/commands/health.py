"""How the portal is, for operators and their monitoring."""

import sys

from django.core.management.base import BaseCommand

from koss.ground import clock
from koss.operation.health import findings


class Command(BaseCommand):
    help = "Say how the portal is: queues, dead letters, last night. Exit status 1 when unwell."
    requires_system_checks = []

    def handle(self, **_options):
        try:
            now = clock.now()
        except Exception:  # in demo mode the clock is kept in the database that may be missing
            now = clock.system_now()
        lines = findings(now=now)
        for line in lines:
            self.stdout.write(f"{'ok  ' if line.well else 'LOOK'} {line.title}: {line.value}")
        if not all(line.well for line in lines):
            sys.exit(1)
