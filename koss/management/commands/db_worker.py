"""``manage.py db_worker``: the task queue's own worker, which first looks at what was left behind.

A worker that was killed takes its task with it, while the mails and messages it held wait on.
"""

import logging

from django_tasks_db.management.commands import db_worker

from koss.ground import clock
from koss.hooks import rounds
from koss.mail import outbox
from koss.operation import at_work


class Command(db_worker.Command):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*")

    def configure_logging(self, verbosity):
        """The settings decide what is written, and how; ``--verbosity 0`` leaves starts out."""
        if verbosity == 0:
            logging.getLogger("django_tasks_db").setLevel(logging.CRITICAL)

    def handle(self, **options):
        at_work.watch()
        outbox.sweep()
        rounds.sweep(now=clock.now())
        super().handle(**options)
