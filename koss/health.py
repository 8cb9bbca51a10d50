"""Whether the portal is well: for load balancers, and in words for operators."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from koss import clock
from koss.models import MailState, NightRun, OutgoingMail

# From this age on a waiting mail or task says that no worker is at work.
WAITS_TOO_LONG = timedelta(minutes=15)

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
    return [database] if why else [database, *_mails(now), *_tasks(), *_night(now)]


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


def _tasks():
    now = clock.system_now()
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waits = now - oldest if oldest else timedelta()
    yield Finding(
        "tasks ready",
        f"{ready.count()}" + (f", the oldest for {waits.seconds // 60} min" if oldest else ""),
        well=waits < WAITS_TOO_LONG,
    )


def _night(now):
    last = NightRun.objects.exclude(finished_at=None).order_by("-business_date", "-pk").first()
    due = clock.business_date(now)
    if last is None:
        yield Finding("last night", f"never; {due} is due", well=False)
        return
    words = f"{last.business_date}" + ("" if last.business_date >= due else f"; {due} is due")
    yield Finding("last night", words, well=last.business_date >= due)
