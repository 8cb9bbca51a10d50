"""``manage.py backup DIRECTORY [--keep N]``: one whole copy of database and uploaded files."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from koss.ground import clock
from koss.operation import backup, copies


class Command(BaseCommand):
    help = (
        "Copy the database and the uploaded files, while the portal is used, to a new directory "
        "koss-YYYYMMDD-HHMMSS in DIRECTORY. Exit status 1 when the portal lacks a file itself. "
        "The secret keys are no part of a copy: keep them in another place."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", type=Path, metavar="DIRECTORY")
        parser.add_argument(
            "--keep", type=_count, metavar="N", help="remove all but the N newest copies afterwards"
        )
        parser.add_argument(
            "--without-files",
            action="store_true",
            help="the database alone, where a bucket keeps versions of the files itself",
        )

    def handle(self, *, directory, keep, without_files, **_options):
        directory = directory.absolute()
        now = timezone.localtime(clock.system_now(), clock.JAPAN)
        try:
            made = backup.take(directory, now=now, with_files=not without_files)
        except (copies.CopyFault, OSError, Error) as error:
            raise CommandError(str(error)) from error
        say_times(self, made.seconds)
        size = filesizeformat(next(made.copy.glob("database.*")).stat().st_size)
        self.stdout.write(f"{made.copy}: database {size}, {made.files:,} files")
        if made.linked:
            self.stdout.write(f"{made.linked:,} of them share their place with the copy before.")
        for name in copies.keep_newest(directory, keep) if keep else ():
            self.stdout.write(f"removed {name}")
        if made.lost:
            names = ", ".join(made.lost[:5])
            self.stderr.write(f"{len(made.lost):,} files are lost or changed here: {names}")
            sys.exit(1)


def say_times(command, seconds):
    """One line for each step: how long it took."""
    for step, took in seconds.items():
        command.stdout.write(f"{took:>8.1f} s  {step}")


def _count(text):
    if not text.isdecimal() or not int(text):
        raise ValueError
    return int(text)
