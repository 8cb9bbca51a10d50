"""``manage.py db_worker``: the task queue's own worker, which first looks at what was left behind.

A worker that was killed takes its task with it, while the mails it held wait on.
"""

from django_tasks_db.management.commands import db_worker

from koss import outbox


class Command(db_worker.Command):
    def handle(self, **options):
        outbox.sweep()
        super().handle(**options)
