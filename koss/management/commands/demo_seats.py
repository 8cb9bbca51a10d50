"""The seats of a course in the demo: a set of accounts and applications for each."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.demo import journeys, seats
from koss.demo import world
from koss.ground import clock
from payments.demo import payers


class Command(BaseCommand):
    help = "Make what is missing of the seats of a course, and list them (demo only)."

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, help=f"how many seats, 1 to {seats.MOST}")

    def handle(self, *, count, **_options):
        if not settings.DEMO or not world.is_marked():
            raise CommandError("Seats exist in a demo only: set KOSS_DEMO=1 on a demo's database.")
        if not 1 <= count <= seats.MOST:
            raise CommandError(f"Between 1 and {seats.MOST} seats can be made.")
        found, new = seats.make(count, now=clock.now())
        for made in found:
            self.stdout.write(f"{made.seat:02d}  {made.payer}  {made.receipt_number}  {made.shows}")
        self.stdout.write(f"申請用パスワード（すべて共通）: {journeys.PASSWORD}")
        self.stdout.write(f"納付利用者パスワード（すべて共通）: {payers.PASSWORD}")
        self.stdout.write(f"新しく作った申請: {new}")
