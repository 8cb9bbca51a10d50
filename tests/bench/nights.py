"""The night's moves of a set, against statements by hand that write the same rows."""

from datetime import timedelta

from django.db import connection, transaction

from applications.life import moves
from applications.models import Application, HistoryEntry, Notice
from applications.status import Actor, MoveName, Status
from koss.ground import clock
from koss.models import OutgoingMail

_MOST = 5000
_CHUNK = 1000
_WRITTEN = (HistoryEntry, Notice, OutgoingMail)


def moves_of_a_night():
    """Both are rolled back, so that each round begins with the same rows."""
    waiting = Application.objects.filter(status=Status.FEES_DUE, charges__number_taken_at=None)
    keys = sorted(set(waiting.values_list("pk", flat=True)[: 2 * _MOST]))[:_MOST]
    now, day = clock.now(), clock.today() + timedelta(days=90)

    def by_moves():
        those = Application.objects.filter(pk__in=keys, status=Status.FEES_DUE)
        with transaction.atomic():
            moved = moves.perform_many(
                MoveName.LET_FEES_LAPSE,
                those,
                actor=Actor.NIGHT,
                now=now,
                business_date=day,
                chunk=_CHUNK,
            )
            return _undone(sum(moved))

    def by_hand():
        with transaction.atomic():
            for start in range(0, len(keys), _CHUNK):
                _by_hand(keys[start : start + _CHUNK], day, now)
            return _undone(len(keys))

    if by_moves() != by_hand():
        raise RuntimeError("the statements by hand do not write the same rows")
    yield by_moves, by_hand


def _undone(moved):
    written = moved, *(model.objects.count() for model in _WRITTEN)
    transaction.set_rollback(True)
    return written


def _by_hand(keys, day, now):
    """Look again under the lock, move, and write what tells of it: five statements for a chunk."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(keys=_places(keys), lock=_lock()), [*keys, day])
        keys = [key for (key,) in cursor.fetchall()]
        for text, arguments in (
            (_MOVED, [now]),
            (_HISTORY, [now]),
            (_NOTICE, [now]),
            (_MAIL, [now, now]),
        ):
            cursor.execute(text.format(keys=_places(keys), facts=_facts()), [*arguments, *keys])


def _places(keys):
    return ", ".join(["%s"] * len(keys))


def _lock():
    return "" if connection.vendor == "sqlite" else "FOR NO KEY UPDATE"


def _facts():
    function = "json_object" if connection.vendor == "sqlite" else "jsonb_build_object"
    return (
        f"{function}('receipt_number', receipt_number, 'procedure', procedure, 'status', status, "
        "'lapses_into', '', 'applicant', applicant_name, 'plate', plate, 'chassis_number', "
        "chassis_number, 'amount', NULL, 'deadline', NULL, 'reason', '', "
        "'standard_reason', 'fees_lapsed')"
    )


_UNPAID = (
    "EXISTS (SELECT 1 FROM applications_charge c WHERE c.application_id = a.id AND c.amount > 0 "
    "AND c.paid_at IS NULL"
)
_OPEN = (
    "SELECT a.id FROM applications_application a WHERE a.id IN ({keys}) AND a.status = 'fees_due' "
    f"AND a.deadline <= %s AND {_UNPAID} AND c.kind IN ('inspection_fee', 'technical_fee')) "
    f"AND NOT {_UNPAID} AND c.number_taken_at IS NOT NULL AND c.withdrawal_accepted_on IS NULL) "
    "ORDER BY a.id {lock}"
)
_MOVED = (
    "UPDATE applications_application SET status = 'invalid', status_changed_at = %s, "
    "version = version + 1, deadline = NULL WHERE id IN ({keys})"
)
_HISTORY = (
    "INSERT INTO applications_historyentry (application_id, version, move, from_status, to_status, "
    "actor, by, reason, standard_reason, at) SELECT id, version, 'let_fees_lapse', 'fees_due', "
    "'invalid', 'night', '', '', 'fees_lapsed', %s FROM applications_application "
    "WHERE id IN ({keys})"
)
_NOTICE = (
    "INSERT INTO applications_notice (application_id, kind, agency, reason, standard_reason, "
    "fields, attachments, at, by, answers, proposal, proposal_version) SELECT id, 'invalid', "
    "'inspection_office', '', 'fees_lapsed', '[]', '[]', %s, '', '{{}}', '{{}}', 0 "
    "FROM applications_application WHERE id IN ({keys})"
)
_MAIL = (
    'INSERT INTO koss_outgoingmail (key, template, "to", receipt_number, facts, language, sealed, '
    "state, tries, last_error, created_at, due_at) SELECT 'invalid:' || receipt_number || ':' || "
    "version || ':' || email, 'invalid', email, receipt_number, {facts}, language, FALSE, "
    "'queued', 0, '', %s, %s FROM applications_application WHERE id IN ({keys}) AND email <> ''"
)
