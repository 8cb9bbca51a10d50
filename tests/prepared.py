"""What a start of the portal finds where another one was before it: made once, copied by tests.

Migrating and compressing the static files takes seconds; a test that is not about the first start
of all begins with both done. The first start is that of ``test_a_newcomer_gets_the_demo``.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from koss.management.commands import serve
from tests import databases
from tests.processes import newcomer

CACHE = Path(settings.BASE_DIR, ".data", "cache", "static")


def prepare(directory):
    """Make ``directory`` the data directory of a portal on SQLite that was started before.

    Asks for the fixture ``django_db_setup`` before.
    """
    shutil.copy(databases.template(), directory / "koss.sqlite3")
    with databases.alone():
        CACHE.mkdir(parents=True, exist_ok=True)
        with override_settings(DATA_DIR=CACHE, STATIC_ROOT=CACHE / "static"):
            serve.collect_static(newcomer(KOSS_DATA_DIR=str(CACHE), KOSS_COLLECTED_STATIC="1"))
    shutil.copytree(CACHE / "static", directory / "static")
    shutil.copy(CACHE / "static.stamp", directory)
    return directory
