"""The night: what happens to a business date D when it is over, from 05:00 of the next day on.

``STEPS`` is the night, in its order. There is no once-only guard: every step looks again under its
locks, so a night may run twice, on two machines at once, or be killed anywhere and run again. A
night that was missed needs nothing special: the next one acts on everything due on or before D.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from applications.night import (
    let_corrections_lapse,
    let_fees_lapse,
    remind_of_near_deadlines,
    remind_of_passed_deadlines,
    void_withdrawn_batches,
)
from applications.status import MoveName
from koss import clock, outbox
from koss.models import NightRun
from payments.night import end_withdrawn_batches, expire_batches, order_due_debits
from payments.resets import forget_used_resets
from qrcodes.night import forget_expired_passwords

logger = logging.getLogger(__name__)

# How long the results of background tasks are kept.
KEEP_TASKS = timedelta(days=14)


class NightNotBegun(ValueError):
    """The night of this date lies ahead."""


class NightUnfinished(RuntimeError):
    """Some steps failed; the others were carried out. ``titles``: which ones failed."""

    def __init__(self, titles):
        super().__init__("、".join(str(title) for title in titles))
        self.titles = titles


def end_sessions(business_date, *, now, chunk):
    """Delete the sessions that nobody can use any more."""
    # By the machine's own time: a demo clock that runs ahead ends nobody's session.
    ended = Session.objects.filter(expire_date__lt=clock.system_now())
    return _delete(ended, chunk)


def clear_tasks(business_date, *, now, chunk):
    """Delete what is known about background tasks that ended, or died, long ago."""
    before = clock.system_now() - KEEP_TASKS
    old = DBTaskResult.objects.filter(
        Q(finished_at__lt=before) | Q(status=TaskResultStatus.RUNNING, started_at__lt=before)
    )
    return _delete(old, chunk)


def wake_the_mail(business_date, *, now, chunk):
    """See to it that a worker looks at mails that still wait."""
    yield outbox.sweep()


def _delete(rows, chunk):
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:chunk]):
        deleted, _by_model = rows.model.objects.filter(pk__in=keys).delete()
        yield deleted


STEPS = (
    (MoveName.VOID_WITH_BATCH.label, void_withdrawn_batches),
    (_("期限切れの納付番号"), expire_batches),
    (MoveName.LET_FEES_LAPSE.label, let_fees_lapse),
    (_("取り下げたまとめ納付の終了"), end_withdrawn_batches),
    (MoveName.LET_CORRECTION_LAPSE.label, let_corrections_lapse),
    (_("期限間近のお知らせ"), remind_of_near_deadlines),
    (_("期限超過のお知らせ"), remind_of_passed_deadlines),
    (_("期日の来た口座引落の依頼"), order_due_debits),
    (_("期限切れの受取者用パスワードの消去"), forget_expired_passwords),
    (_("期限切れの初期化リンクの削除"), forget_used_resets),
    (_("期限切れセッションの削除"), end_sessions),
    (_("処理記録の削除"), clear_tasks),
    (_("送信待ちメールの確認"), wake_the_mail),
)


def run(business_date, *, now, report=None):
    """Do the night of ``business_date`` and return its NightRun.

    ``report(title, done)`` is called after each chunk with how many the step has done so far; what
    it tells of is committed. A step that fails does not keep the following ones back. Raises
    NightNotBegun outside demo mode for a night that lies ahead, NightUnfinished when steps failed.
    """
    if business_date > clock.business_date(now) and not settings.DEMO:
        raise NightNotBegun(business_date)
    record = NightRun.objects.create(business_date=business_date, started_at=clock.now())
    failed = []
    for title, step in STEPS:
        done = 0
        try:
            for count in step(business_date, now=now, chunk=settings.KOSS_NIGHT_CHUNK):
                done += count
                if report:
                    report(title, done)
        except Exception:
            logger.exception("the night of %s: %s", business_date, step.__name__)
            failed.append(title)
        record.counts[str(title)] = done
        record.save(update_fields=["counts"])
    if failed:
        raise NightUnfinished(failed)
    record.finished_at = clock.now()
    record.save(update_fields=["finished_at"])
    return record
