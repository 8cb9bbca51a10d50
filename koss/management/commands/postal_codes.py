"""``manage.py postal_codes PLACES BUSINESSES``: renew the table from the post office's files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from applications.postal import post_office, table


class Command(BaseCommand):
    help = "Renew the table of postal codes from utf_ken_all and jigyosyo (CSV or ZIP)."

    def add_arguments(self, parser):
        parser.add_argument("places", type=Path, help="utf_ken_all.csv or its ZIP")
        parser.add_argument("businesses", type=Path, help="jigyosyo.csv or its ZIP")

    def handle(self, *, places, businesses, **_options):
        try:
            rows = [*post_office.places(places), *post_office.businesses(businesses)]
        except (OSError, ValueError, IndexError) as error:
            raise CommandError(f"These are not the post office's files: {error}") from error
        if not rows:
            raise CommandError("The files hold no postal code; the table stays as it was.")
        self.stdout.write(f"{table.write(rows)} lines in {table.FILE}")
