"""The portal's settings as tests need them; pytest loads them in each of its processes.

Nothing of an operator's comes in: whatever the portal would read from the environment is dropped
first, but for DATABASE_URL, which says on which database to run. What a run writes goes to one
directory, ``RUN``: the first process makes it, and the workers it starts find its name.
"""

import os
import tempfile
from pathlib import Path

from tests.processes import is_ours

KEPT = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KOSS_CHROMIUM", "KOSS_REQUIRE"}
for _name in set(filter(is_ours, os.environ)) - KEPT:
    del os.environ[_name]
if "TESTS_RUN" not in os.environ:
    os.environ["TESTS_RUN"] = tempfile.mkdtemp(prefix="koss-tests-")
RUN = Path(os.environ["TESTS_RUN"])
os.environ["KOSS_DATA_DIR"] = str(RUN)

# Only now is the environment that of a newcomer.
from koss.settings import *

# A name that a template asks for and nobody gave shows on the page; tests/visitor.py looks for it.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦%s⟧"

# The same algorithm at the least cost that it takes: what a try costs is no subject of most tests.
PASSWORD_HASHERS = ["tests.hashing.QuickArgon2", *PASSWORD_HASHERS[1:]]

# Static files are looked up when they are asked for, not all of them for each new client.
WHITENOISE_AUTOREFRESH = True

# Nothing here outlives the run, so nothing has to reach the disk.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
