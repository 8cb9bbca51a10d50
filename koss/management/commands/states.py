"""``manage.py states``: print the text of docs/states.md."""

from django.core.management.base import BaseCommand

from applications.life.diagram import draw


class Command(BaseCommand):
    help = "Print the life of an application as the table of moves has it: docs/states.md."

    def handle(self, **options):
        self.stdout.write(draw(), ending="")
