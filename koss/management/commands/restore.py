"""``manage.py restore COPY [--replace]``: what ``backup`` has copied, put back."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from koss.management.commands.backup import say_times
from koss.operation import backup, copies


class Command(BaseCommand):
    help = (
        "Put a copy back: COPY is one, or a directory whose newest one is meant. Refuses a copy "
        "that is damaged, of a newer version or of another kind of database, and a database that "
        "is not empty. Migrates afterwards, then looks at the rules; exit status 1 when one is "
        "broken. Stop all programs of the portal before."
    )
    # The database may be empty.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("copy", type=Path, metavar="COPY")
        parser.add_argument(
            "--replace", action="store_true", help="delete what is in the database now"
        )

    def handle(self, *, copy, replace, **_options):
        try:
            copy = copies.chosen(copy.absolute())
            self.stdout.write(f"{copy}, made at {copies.read_manifest(copy)['made_at']}")
            done = backup.restore(copy, replace=replace)
        except (copies.CopyFault, OSError, Error) as error:
            raise CommandError(str(error)) from error
        say_times(self, done.seconds)
        self.stdout.write(f"The database is that of the copy; {done.files:,} files were put back.")
        if done.behind:
            self.stdout.write("The copy was of an older version: its tables have been migrated.")
        if done.broken:
            self.stderr.write(f"These rules do not hold: {', '.join(done.broken)}")
            sys.exit(1)
        self.stdout.write("Every rule of check_invariants holds.")
