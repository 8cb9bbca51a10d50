"""The night: what happens to a business date D when it is over, from 05:00 of the next day on.

``STEPS`` is the night, in its order. There is no once-only guard: every step looks again under its
locks, so a night may run twice, on two machines at once, or be killed anywhere and run again. A
night that was missed needs nothing special: the next one acts on everything due on or before D.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from applications.apply import drafts
from applications.correcting import proposals
from applications.following import morning
from applications.life.night import (
    let_corrections_lapse,
    let_fees_lapse,
    remind_of_near_deadlines,
    remind_of_passed_deadlines,
    void_withdrawn_batches,
)
from applications.status import MoveName
from applications.uploads import keeping
from koss.access import handles, sources
from koss.ground import clock
from koss.ground.joining import listed
from koss.ground.logs import Ours
from koss.ground.progress import followed
from koss.hooks import endpoints
from koss.mail import outbox
from koss.models import NightRun
from koss.operation import retention
from payments.labels import Section
from payments.night import (
    ask_the_bank,
    end_withdrawn_batches,
    expire_batches,
    order_due_debits,
)
from payments.payer import remembering
from payments.payer.resets import forget_used_resets
from qrcodes.issuing.night import forget_expired_passwords

logger = logging.getLogger(__name__)

# How long the results of background tasks are kept.
KEEP_TASKS = timedelta(days=14)


class NightNotBegun(ValueError):
    """The night of this date lies ahead."""


class NightUnfinished(RuntimeError):
    """Some steps failed; the others were carried out. ``titles``: which ones failed."""

    def __init__(self, titles):
        super().__init__(listed(titles))
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


class Step(NamedTuple):
    """One step of the night. ``code`` is what the record keeps, ``title`` what people read."""

    code: str
    title: str
    work: Callable


STEPS = (
    Step("ask_the_bank", _("金融機関への照会"), ask_the_bank),
    Step("void_withdrawn_batches", MoveName.VOID_WITH_BATCH.label, void_withdrawn_batches),
    Step("expire_numbers", _("期限切れの納付番号"), expire_batches),
    Step("let_fees_lapse", MoveName.LET_FEES_LAPSE.label, let_fees_lapse),
    Step("end_withdrawn_batches", _("取り下げたまとめ納付の終了"), end_withdrawn_batches),
    Step("let_corrections_lapse", MoveName.LET_CORRECTION_LAPSE.label, let_corrections_lapse),
    Step("remind_near", _("期限間近のお知らせ"), remind_of_near_deadlines),
    Step("remind_passed", _("期限超過のお知らせ"), remind_of_passed_deadlines),
    Step("order_debits", _("期日の来た口座引き落としの依頼"), order_due_debits),
    Step("morning_mails", Section.MORNING_MAIL, morning.write_due),
    Step("forget_passwords", _("期限切れの受取者用パスワードの消去"), forget_expired_passwords),
    Step("forget_resets", _("期限切れの初期化リンクの削除"), forget_used_resets),
    Step("forget_handles", _("閉じた画面の記録の削除"), handles.forget_ended),
    Step("forget_drafts", _("期限切れの準備中の申請の削除"), drafts.forget),
    Step("forget_proposals", _("送信されなかった補正の準備の削除"), proposals.forget),
    Step("forget_held_files", _("申請に使われなかった添付ファイルの削除"), keeping.forget_held),
    Step("forget_requests", _("送り直しに備えた応答の削除"), remembering.forget),
    Step("forget_secrets", _("切り替え前の署名の鍵の消去"), endpoints.forget_secrets),
    Step("sweep_files", _("持ち主のない添付ファイルの削除"), keeping.sweep),
    Step("end_sessions", _("期限切れセッションの削除"), end_sessions),
    Step("forget_sources", _("接続元の古い記録の削除"), sources.forget_old),
    Step("forget_old_rows", _("保存期間を過ぎた記録の削除"), retention.forget_old),
    Step("clear_tasks", _("処理記録の削除"), clear_tasks),
    Step("wake_mail", _("送信待ちメールの確認"), wake_the_mail),
)


def told(record):
    """What a NightRun did, as (title of the step, number of rows)."""
    titles = {step.code: step.title for step in STEPS}
    return [(titles.get(code, code), count) for code, count in record.counts.items()]


def run(business_date, *, now, report=None):
    """Do the night of ``business_date`` and return its NightRun.

    ``report(title, done)`` is called after each chunk with how many the step has done so far; what
    it tells of is committed. Without it a terminal is told how far the night is. A step that fails
    does not keep the following ones back. Raises NightNotBegun outside demo mode for a night that
    lies ahead, NightUnfinished when steps failed.
    """
    if business_date > clock.business_date(now) and not settings.DEMO:
        raise NightNotBegun(business_date)
    record = NightRun.objects.create(business_date=business_date, started_at=clock.now())
    failed = []
    for step in followed(STEPS, f"night of {business_date}") if report is None else STEPS:
        done, begun = 0, time.monotonic()
        try:
            for count in step.work(business_date, now=now, chunk=settings.KOSS_NIGHT_CHUNK):
                done += count
                if report:
                    report(step.title, done)
        except Exception:
            logger.exception("the night of %s: %s", business_date, step.code)
            failed.append(step.title)
        seconds = round(time.monotonic() - begun, 1)
        facts = {"step": Ours(step.code), "rows": done, "seconds": seconds}
        logger.info("a step of the night of %s", business_date, extra={"facts": facts})
        record.counts[step.code] = done
        record.save(update_fields=["counts"])
    if failed:
        raise NightUnfinished(failed)
    record.finished_at = clock.now()
    record.save(update_fields=["finished_at"])
    logger.info("the night of %s is over", business_date)
    return record
