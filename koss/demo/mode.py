"""Whether this is the demo, said in one place."""

from django.conf import settings
from django.db import connection

from koss.ground import env
from koss.models import is_a_demo


def is_built_in_database():
    """Whether the database is the file that the program makes for itself."""
    return str(connection.settings_dict["NAME"]) == str(settings.DATA_DIR / "koss.sqlite3")


def accounts_may_be_told():
    """In demo mode; or beside a `make run`, which chose that mode for the built-in database.

    The second terminal of a newcomer has no KOSS_DEMO; KOSS_DEMO=0 still means no.
    """
    if settings.DEMO:
        return True
    unsaid = not env.text("KOSS_DEMO", "")
    return unsaid and is_built_in_database() and is_a_demo()
