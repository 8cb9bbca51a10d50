"""``python -m payments.sandbox``: bring the bank's own database up to date, then serve."""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "payments.sandbox.settings"
django.setup()

from payments.sandbox import seed

call_command("migrate", verbosity=0, interactive=False)
seed.make_customers()
command = [
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
    *("--host", settings.BIND, "--port", str(settings.BANK_PORT)),
    # One worker: the thread that sends notices lives in it.
    *("--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers"),
    *("--workers-kill-timeout", "3", "--log-level", "warning"),
    "payments.sandbox.wsgi:application",
]
os.execv(command[0], command)
