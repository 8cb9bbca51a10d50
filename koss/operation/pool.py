"""The way to PostgreSQL: whether a pool is where the settings say, and who notices a dead machine.

A pool answers as a server, with a number of its own for the session. A client that sees another
number than the server gives knows that somebody stands in between.
"""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

_DOCS = "See docs/scale.md."
# Said to the server once for each session: a pool refuses it, or hands it to the next client.
_OF_A_SESSION = ("options", "assume_role", "isolation_level", "pool")
# In seconds; Linux's own default is two hours.
_LONGEST_SILENCE = 120


@register(Tags.security)
def settings_fit_a_pool(app_configs, **_rest):
    """E022: DATABASE_URL wants what a pool cannot give."""
    if settings.KOSS_DIRECT_DATABASE is None:
        return []
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    if not database["ENGINE"].endswith("postgresql"):
        return [_error("E022", "KOSS_DIRECT_DATABASE_URL is set, and DATABASE_URL is SQLite.")]
    asked = [name for name in _OF_A_SESSION if name in database["OPTIONS"]]
    if asked:
        says = f"DATABASE_URL asks for what is of one session: {', '.join(asked)}."
        return [_error("E022", says)]
    return []


@register(Tags.database)
def a_pool_is_where_it_is_said(app_configs, databases, **_rest):
    """W023 … E025: a pool nobody told of, none where there should be one, the wrong way past it."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        return list(_of_connections())
    except DatabaseError as error:
        return [_error("E025", f"No way past the pool: {str(error).strip()}")]


def _of_connections():
    behind = is_behind_a_pool(connection)
    if settings.KOSS_DIRECT_DATABASE is None:
        if behind:
            yield Warning(
                "DATABASE_URL leads through a pool, and the portal is not told so.",
                hint=f"Set KOSS_DIRECT_DATABASE_URL, unless it pools sessions. {_DOCS}",
                id="koss.W023",
            )
        return
    if not behind:
        yield Warning(
            "KOSS_DIRECT_DATABASE_URL is set, and DATABASE_URL leads through no pool.",
            hint=f"Unset it: without a pool the web server limits its own statements. {_DOCS}",
            id="koss.W024",
        )
    direct = DatabaseWrapper(_complete(settings.KOSS_DIRECT_DATABASE), "direct")
    try:
        if is_behind_a_pool(direct):
            yield _error("E025", "KOSS_DIRECT_DATABASE_URL leads through a pool too.")
        elif _which(direct) != _which(connection):
            yield _error("E025", "KOSS_DIRECT_DATABASE_URL is another database.")
    finally:
        direct.close()


@register(Tags.database)
def a_dead_machine_is_missed_soon(app_configs, databases, **_rest):
    """W026: the locks of a machine that lost its power would stay for hours."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        elsewhere, *silence = _wire()
    except DatabaseError:
        return []  # the other checks say so
    idle, interval, count = silence
    seconds = idle + interval * count
    if not elsewhere or seconds <= _LONGEST_SILENCE:
        return []
    return [
        Warning(
            f"PostgreSQL misses a machine that is gone, and frees its locks, after {seconds} s.",
            hint=f"Set tcp_keepalives_idle and its like in postgresql.conf. {_DOCS}",
            id="koss.W026",
        )
    ]


def _wire():
    """(whether another machine asks, tcp_keepalives_idle, _interval, _count) of this session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inet_client_addr() IS DISTINCT FROM inet_server_addr(),"
            " current_setting('tcp_keepalives_idle')::int,"
            " current_setting('tcp_keepalives_interval')::int,"
            " current_setting('tcp_keepalives_count')::int"
        )
        return cursor.fetchone()


def is_behind_a_pool(wrapper):
    """Whether somebody stands between ``wrapper``, a connection of Django's, and its server."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
        return cursor.connection.info.backend_pid != session


def _which(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute(
            "SELECT oid, datname, pg_postmaster_start_time() FROM pg_database"
            " WHERE datname = current_database()"
        )
        return cursor.fetchone()


def _complete(database):
    """``database`` with everything that Django adds to an entry of DATABASES."""
    return {**connection.settings_dict, **database}


def _error(number, says):
    return Error(says, hint=_DOCS, id=f"koss.{number}")
