"""Carrying out the table: the only code that writes ``Application.status``.

``perform`` moves one application, ``perform_many`` a set; both end in the same ``_carry_out``.
Every move is one transaction that locks the row, looks again, writes the new status, a history
row, the notice and the mails, or changes nothing at all.

Lock order: batch, then applications by ascending key, then charges.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from applications.life import asking, correctable, feed, letters
from applications.life.table import TABLE
from applications.models import Application, ChangeKind, HistoryEntry, Notice
from applications.status import Status
from koss.ground import clock, request_keys
from koss.ground.insert_select import insert_from
from koss.mail import outbox

_REQUEST_KEY = re.compile(rf"([0-9]{{1,9}})\.({request_keys.PATTERN.pattern})")
# What is looked at of the many that are moved without being read.
_LOOKED_AT = ("pk", "status", "version", "bulk_id", *letters.LOOKED_AT)
# What an effect may set on an application.
_EFFECTS = ("deadline", "reviewed_on")


class MoveRefused(Exception):
    """The move is not open: the application has moved on, or this actor may not.

    ``application`` is the row as it stands now; nothing was changed.
    """

    def __init__(self, name, application):
        super().__init__(f"{name} is not open from {application.status}")
        self.name = name
        self.application = application


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the person who makes the move says. ``changes``: field → new value
    (``life.correctable``).

    ``fields``, ``attachments``: what a correction order opens.
    ``reason``: in their own words; else ``standard_reason``, a code, where it is not the table's.
    """

    reason: str = ""
    standard_reason: str = ""
    deadline: date | None = None
    fields: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    changes: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a form carries: the version of the application it was drawn from, and a random key.

    The same request key a second time shows the same result; one from a version that is gone is
    refused.
    """

    version: int
    key: str

    @classmethod
    def fresh(cls, application):
        return cls(application.version, request_keys.fresh())

    @classmethod
    def read(cls, text):
        """What ``str`` of one wrote; a mangled one belongs to no version at all."""
        written = _REQUEST_KEY.fullmatch(text or "")
        return cls(int(written[1]), written[2]) if written else cls(-1, "")

    def __str__(self):
        return f"{self.version}.{self.key}"


def open_moves(application, *, actor, now):
    """The lines of the table that ``actor`` could carry out at ``now``. At most one query."""
    lines = [move for move in TABLE if move.source == application.status and move.by == actor]
    judged = {f"line{n}": move.when for n, move in enumerate(lines) if move.when}
    if not judged:
        return lines
    day = clock.day(now)
    holds = (
        Application.objects.filter(pk=application.pk)
        .annotate(
            **{
                name: ExpressionWrapper(Q(when(day)), output_field=BooleanField())
                for name, when in judged.items()
            }
        )
        .values(*judged)
        .get()
    )
    return [move for n, move in enumerate(lines) if holds.get(f"line{n}", True)]


def begin(name, application, *, now, by="", inputs=None):
    """Save a new ``application`` with its first status. Returns its history entry."""
    [move] = [move for move in TABLE if move.source is None and move.name == name]
    application.status_changed_at = now
    application.status = ""
    with transaction.atomic():
        [entry] = _carry_out(move, [application], now=now, by=by, inputs=inputs or Inputs())
    return entry


@transaction.atomic
def perform(
    name,
    application,
    *,
    actor,
    now,
    by="",
    seconded_by="",
    business_date=None,
    inputs=None,
    request_key=None,
):
    """Move ``application`` and return the history entry, or raise MoveRefused.

    ``by``: who exactly, for the record; ``seconded_by``: who else agreed, where KOSS_SECOND_REVIEW
    asks for it (``applications.life.proposals``), or ValueError. ``business_date``: the day a
    move of the night acts for.
    ``request_key``: when given, the same one again returns the entry it made the first time.
    The caller's object is not changed; ``entry.application`` is the row as it stands.
    """
    inputs = inputs or Inputs()
    seconded_by = _second(name, by, seconded_by)
    locked = lock(application)
    if request_key:
        if entry := made(locked, name, request_key):
            return entry
        if request_key.version != locked.version:
            raise MoveRefused(name, locked)
    day = business_date or clock.day(now)
    move, before = _the_open_move(name, locked, actor, day, inputs)
    [entry] = _carry_out(
        move,
        [locked],
        now=now,
        by=by,
        seconded_by=seconded_by,
        inputs=inputs,
        before=before,
        request_key=request_key,
    )
    return entry


def _second(name, by, seconded_by):
    """Who is recorded as the second: nobody where nobody was needed."""
    if not asking.needs_second(name):
        return ""
    if seconded_by in ("", by):
        raise ValueError(f"{name} needs somebody else to confirm it")
    return seconded_by


def made(application, name, request_key):
    """The entry that ``request_key`` made when it came the first time, or None."""
    if not request_key.key:
        return None
    return application.history.filter(request_key=request_key.key, move=name).first()


def lock(application):
    """The row of ``application``, locked and read again. Only inside a transaction."""
    return Application.objects.select_for_update(no_key=True).get(pk=application.pk)


def perform_many(name, applications, *, actor, now, by="", business_date=None, inputs=None, chunk):
    """Move every one of ``applications`` (a QuerySet) that this move is open to.

    Works in chunks of ``chunk`` rows by ascending key, each its own transaction that locks and
    looks again, so running it twice, at once or after a crash, moves nothing twice. Yields the
    number moved after each chunk.
    """
    inputs = inputs or Inputs()
    day = business_date or clock.day(now)
    lines = _lines_of_many(name, actor, inputs)
    # Unordered, so that a database takes the index of what is due and does not walk the table.
    keys = sorted(applications.order_by().values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        with transaction.atomic():
            these = keys[start : start + chunk]
            if any(move.effect for move in lines):
                rows, write = _locked(these), _carry_out
            else:
                rows, write = _locked(these).values_list(*_LOOKED_AT, named=True), _write_many
            moved = _move_rows(lines, rows, day, write=write, now=now, by=by, inputs=inputs)
        yield moved


def perform_locked(name, rows, *, actor, now):
    """As ``perform_many``, of applications that the caller has locked and read by ascending key.

    Inside the caller's transaction; returns the number moved.
    """
    inputs = Inputs()
    lines = _lines_of_many(name, actor, inputs)
    said = {"now": now, "by": "", "inputs": inputs}
    return _move_rows(lines, rows, clock.day(now), write=_carry_out, **said)


def _lines_of_many(name, actor, inputs):
    lines = [move for move in TABLE if move.name == name and move.by == actor]
    if inputs.changes:
        raise ValueError(f"{name} of many changes no fields")
    _second(name, "", "")
    for move in lines:
        asking.check(move, inputs)
    return lines


def _locked(keys):
    locked = Application.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return locked.order_by("pk")


def _move_rows(lines, rows, day, *, write, **said):
    """Those of ``rows``, locked, by ascending key, that ``lines`` are open to. Returns how many.

    ``write``: ``_carry_out``, or ``_write_many`` for moves without an effect.
    """
    left = {row.pk: row for row in rows}
    moved = 0
    for move in lines:
        keys = [key for key, row in left.items() if row.status == move.source]
        if these := [left.pop(key) for key in _open_among(keys, move, day)]:
            write(move, these, **said)
            moved += len(these)
    return moved


def _open_among(keys, move, day):
    if not keys or not move.when:
        return keys
    open_to = Application.objects.filter(move.when(day), pk__in=keys).order_by("pk")
    return list(open_to.values_list("pk", flat=True))


def _write_many(move, moved, *, now, by, inputs):
    """What ``_carry_out`` writes for a move without an effect, by statements over all of them."""
    rows = Application.objects.filter(pk__in=[row.pk for row in moved])
    standard_reason = "" if inputs.reason else inputs.standard_reason or move.reason
    said = {"by": by, "reason": inputs.reason, "standard_reason": standard_reason, "at": now}
    rows.update(status=move.target, status_changed_at=now, version=F("version") + 1, deadline=None)
    insert_from(
        rows,
        HistoryEntry,
        application_id=F("pk"),
        version=F("version"),
        move=move.name,
        from_status=move.source,
        to_status=move.target,
        actor=move.by,
        **said,
    )
    if move.notice:
        insert_from(
            rows,
            Notice,
            application_id=F("pk"),
            kind=move.notice,
            agency=move.agency,
            fields=list(inputs.fields),
            attachments=list(inputs.attachments),
            **said,
        )
    if any(row.bulk_id for row in moved):
        _note_many(rows, now)
    if move.mail:
        letters.put_many(
            rows,
            moved,
            move,
            now=now,
            reason=inputs.reason,
            standard_reason=str(standard_reason),
        )


def _note_many(rows, now):
    sent = list(rows.exclude(bulk_id="").order_by("pk"))
    entries = HistoryEntry.objects.filter(application__in=sent)
    newest = entries.filter(version=F("application__version"))
    feed.note(sent, ChangeKind.STATUS, now=now, entries=newest)


def _the_open_move(name, application, actor, day, inputs):
    """(the one line of the table that is open, what stood in the fields that it changes).

    What the move changes counts already.
    """
    lines = [
        move
        for move in TABLE
        if move.name == name and move.source == application.status and move.by == actor
    ]
    if not lines:
        raise MoveRefused(name, application)
    asking.check(lines[0], inputs)
    before = {name: correctable.value_of(application, name) for name in inputs.changes}
    correctable.put(application, inputs.changes)
    correctable.save(application, inputs.changes)
    here = Application.objects.filter(pk=application.pk)
    lines = [move for move in lines if not move.when or here.filter(move.when(day)).exists()]
    if not lines:
        correctable.put(application, before)
        raise MoveRefused(name, application)
    [move] = lines
    return move, before


def _carry_out(
    move, applications, *, now, by, inputs, seconded_by="", before=None, request_key=None
):
    """Write everything that ``move`` means for ``applications``, whose rows are locked or new.

    ``before``: what stood in the fields that a move of one application has changed.
    """
    reason = inputs.reason
    standard_reason = "" if reason else inputs.standard_reason or move.reason
    for application in applications:
        application.deadline = None
    if move.effect:
        move.effect(applications, now=now, inputs=inputs, before=before)
    came_from = [application.status for application in applications]
    for application in applications:
        application.status = move.target
        application.status_changed_at = now
        application.version += 1
        if move.target not in Status.PAYABLE | Status.CORRECTABLE:
            application.deadline = None
    _save(move, applications, now)
    entries = HistoryEntry.objects.bulk_create(
        HistoryEntry(
            application=application,
            version=application.version,
            move=move.name,
            from_status=source,
            to_status=move.target,
            actor=move.by,
            by=by,
            seconded_by=seconded_by,
            reason=reason,
            standard_reason=standard_reason,
            at=now,
            request_key=request_key.key if request_key else None,
        )
        for application, source in zip(applications, came_from, strict=True)
    )
    feed.note(applications, ChangeKind.STATUS, now=now, entries=entries)
    if move.notice:
        Notice.objects.bulk_create(
            Notice(
                application=application,
                kind=move.notice,
                agency=move.agency,
                deadline=application.deadline,
                reason=reason,
                standard_reason=standard_reason,
                fields=list(inputs.fields),
                attachments=list(inputs.attachments),
                at=now,
                by=by,
            )
            for application in applications
        )
    if move.mail:
        outbox.put(
            letters.about(
                applications,
                move.mail,
                now=now,
                reason=reason,
                standard_reason=str(standard_reason),
            ),
            now=now,
        )
    return entries


def _save(move, applications, now):
    if move.source is None:
        for application in applications:
            application.save(force_insert=True)
        return

    def values(application):
        return tuple(getattr(application, name) for name in _EFFECTS)

    for same, group in groupby(applications, key=values):
        Application.objects.filter(pk__in=[application.pk for application in group]).update(
            status=move.target,
            status_changed_at=now,
            version=F("version") + 1,
            **dict(zip(_EFFECTS, same, strict=True)),
        )
