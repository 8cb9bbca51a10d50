"""``python -m tests.bench.one SIZE ROUNDS [ONLY]``: measure one database, print a result a line.

The database is what DATABASE_URL and KOSS_DATA_DIR name; it is made and filled where it is empty.
"""

import json
import os
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "koss.settings"
django.setup()

from django.conf import settings
from django.db import connection
from django.test import override_settings

from applications.models import Application
from tests.bench import data, pairs
from tests.bench.measure import measure, said


def main(size, rounds, only=""):
    call_command("migrate", verbosity=0)
    if Application.objects.count() < size:
        data.build(size)
    all_sizes = os.environ.get("BENCH_GROWTH_ONLY") != "1"
    with override_settings(ROOT_URLCONF="tests.bench.web"):
        for place, pair in enumerate(pairs.PAIRS):
            if only in pair.name and (all_sizes or pair.grows):
                found = {"place": place, "size": size, "database": connection.vendor}
                print(json.dumps(said(pair) | found | measure(pair, rounds)), flush=True)


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["localhost"]
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
