"""Whether the portal is well: for load balancers, and in words for operators.

Three addresses, none of which needs more than the database: ``live`` says that this process answers
at all (for what restarts it), ``ready`` whether it can serve visitors (for what sends them to it),
``health`` whether the database is there and fits (for what knows one address only).
"""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from koss.operation import gauges

# From this age on a waiting mail or task says that no worker is at work.
WAITS_TOO_LONG = timedelta(minutes=15)
# So many locks within a day are more than people who forget.
MANY_LOCKS = 20
# What is free on the disk of the data directory, at least, in bytes: for files that are uploaded.
ROOM = 64 * 1024 * 1024

_IN_WORDS = {
    None: "answers, migrated",
    "database": "does not answer",
    "migrations": "lacks migrations: run manage.py migrate",
}


@require_safe
def health(request):
    """200 when the database answers and has every migration, else 503, with the reason as JSON."""
    return _answer(_ailment())


@require_safe
def live(request):
    """200 from every process that answers, whatever is away: a restart would not bring it back."""
    return _answer(None)


@require_safe
def ready(request):
    """200 when a visitor can be served by this process: as ``health``, and what they send is kept.

    503 also where the database takes no writes (a standby), or the data directory has no room.
    """
    return _answer(_ailment() or _no_room())


def _answer(why):
    body = {"status": "unavailable", "reason": why} if why else {"status": "ok"}
    response = JsonResponse(body, status=503 if why else 200)
    response["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for operators. ``well`` False: somebody should look."""

    title: str
    value: str
    well: bool = True


def findings(*, now):
    """What an operator wants to know at ``now``; only the first line where nothing works."""
    why = _ailment()
    database = Finding("database", _IN_WORDS[why], well=not why)
    if why:
        return [database]
    counted = gauges.counted(now)
    return [
        database,
        *_mails(now, counted),
        _tasks(),
        _night(now),
        *_locks(counted),
        _bank(counted),
    ]


def _ailment():
    """Why the portal cannot work, in one word, or None."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _require_migrations()
    except Error:
        return "database"
    except NotMigrated:
        return "migrations"
    return None


class NotMigrated(Exception):
    """The database lacks migrations of this program."""


@cache
def _require_migrations():
    """Raise NotMigrated until everything is applied; from then on this costs nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMigrated


def _no_room():
    """Why nothing can be kept, in one word, or None."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW transaction_read_only")
            else:
                cursor.execute("PRAGMA query_only")
            if cursor.fetchone()[0] in ("on", 1):
                return "read_only"
    except Error:
        return "database"
    return "disk" if shutil.disk_usage(settings.DATA_DIR).free < ROOM else None


def _mails(now, counted):
    waiting, dead = gauges.mails(now), counted["mails_dead"]
    yield Finding("mails waiting", f"{waiting.count}", well=waiting.waits < WAITS_TOO_LONG)
    yield Finding("mails that could not be sent", f"{dead}", well=not dead)


def _locks(counted):
    locked = counted["locks"]
    yield Finding("passwords locked within a day", f"{locked}", well=locked < MANY_LOCKS)
    yield Finding("network addresses refused within a day", f"{counted['sources_refused']}")


def _tasks():
    queues = gauges.queues().values()
    count, waits = sum(queue.count for queue in queues), max(queue.waits for queue in queues)
    oldest = f", the oldest for {_in_words(waits)}" if count else ""
    return Finding("tasks ready", f"{count}{oldest}", well=waits < WAITS_TOO_LONG)


def _night(now):
    last, due = gauges.last_night(), gauges.night_due(now)
    if last is None:
        return Finding("last night", f"never; {due} is due", well=False)
    words = f"{last.business_date}" + ("" if last.business_date >= due else f"; {due} is due")
    return Finding("last night", words, well=last.business_date >= due)


def _bank(counted):
    held = counted["numbers_awaiting_bank"]
    return Finding("numbers past due that wait for the bank", f"{held}", well=not held)


def _in_words(length):
    """``length`` in days, hours and minutes, without leading zeros: 2 d 0 h 5 min."""
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // (24 * 60), minutes // 60 % 24
    parts = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{count} {unit}" for count, unit in parts)
