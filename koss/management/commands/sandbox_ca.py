"""``manage.py sandbox_ca``: make the practice authority, where it is missing."""

from django.conf import settings
from django.core.management.base import BaseCommand

from applications.signatures.sandbox import authority
from applications.signatures.sandbox.samples import PIN, SAMPLES


class Command(BaseCommand):
    help = "Make the practice authority with its certificates, unless it is there."

    def handle(self, **_options):
        made = authority.make(settings.DATA_DIR)
        place = authority.directory(settings.DATA_DIR)
        self.stdout.write(f"{'Made' if made else 'There already'}: {place}. PIN: {PIN}")
        for sample in SAMPLES:
            self.stdout.write(f"{sample.file}  {sample.refusal or 'good'}")
