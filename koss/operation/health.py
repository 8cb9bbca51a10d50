"""Whether the portal is well: for load balancers, and in words for operators."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from koss.access import sources
from koss.ground import clock
from koss.models import MailState, NightRun, OutgoingMail, PasswordLock
from payments.money import awaiting

# From this age on a waiting mail or task says that no worker is at work.
WAITS_TOO_LONG = timedelta(minutes=15)
# So long a night may take before it is missed.
NIGHT_TAKES = timedelta(hours=2)
# So many locks within a day are more than people who forget.
MANY_LOCKS = 20

_IN_WORDS = {
    None: "answers, migrated",
    "database": "does not answer",
    "migrations": "lacks migrations: run manage.py migrate",
}


@require_safe
def health(request):
    """200 when the database answers and has every migration, else 503, with the reason as JSON."""
    why = _ailment()
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
    return [database, *_mails(now), *_tasks(), *_night(now), *_locks(now), _bank()]


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


def _mails(now):
    waiting = OutgoingMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    late = now - oldest if oldest else timedelta()
    yield Finding("mails waiting", f"{waiting.count()}", well=late < WAITS_TOO_LONG)
    dead = OutgoingMail.objects.filter(state=MailState.DEAD).count()
    yield Finding("mails that could not be sent", f"{dead}", well=not dead)


def _locks(now):
    locked = PasswordLock.objects.filter(locked_at__gt=now - timedelta(days=1)).count()
    yield Finding("passwords locked within a day", f"{locked}", well=locked < MANY_LOCKS)
    refused = sources.refused(now=now).count()
    yield Finding("network addresses refused within a day", f"{refused}")


def _tasks():
    now = clock.system_now()
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waits = now - oldest if oldest else timedelta()
    yield Finding(
        "tasks ready",
        f"{ready.count()}" + (f", the oldest for {_in_words(waits)}" if oldest else ""),
        well=waits < WAITS_TOO_LONG,
    )


def night_due(now):
    """The newest business date whose night has had its time at ``now``."""
    due = clock.business_date(now)
    return due if now >= clock.night_begins(due) + NIGHT_TAKES else due - timedelta(days=1)


def _night(now):
    last = NightRun.objects.exclude(finished_at=None).order_by("-business_date", "-pk").first()
    due = night_due(now)
    if last is None:
        yield Finding("last night", f"never; {due} is due", well=False)
        return
    words = f"{last.business_date}" + ("" if last.business_date >= due else f"; {due} is due")
    yield Finding("last night", words, well=last.business_date >= due)


def _bank():
    held = awaiting.waiting().count()
    return Finding("numbers past due that wait for the bank", f"{held}", well=not held)


def _in_words(length):
    """``length`` in days, hours and minutes, without leading zeros: 2 d 0 h 5 min."""
    minutes = int(length.total_seconds()) // 60
    days, hours = minutes // (24 * 60), minutes // 60 % 24
    parts = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{count} {unit}" for count, unit in parts)
