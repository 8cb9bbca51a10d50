"""``manage.py db_worker``: the task queue's own worker, which first looks at what was left behind.

A worker that was killed takes its task with it, while the mails and messages it held wait on.
"""

from django_tasks_db.management.commands import db_worker

from koss.ground import clock
from koss.hooks import rounds
from koss.mail import outbox


class Command(db_worker.Command):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*")

    def handle(self, **options):
        outbox.sweep()
        rounds.sweep(now=clock.now())
        super().handle(**options)
