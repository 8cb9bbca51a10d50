"""What the applicant's pages show, gathered once so that templates only arrange it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Party, Screen
from applications.life import correctable, corrections, moves
from applications.models import (
    Application,
    AttachmentKind,
    AttachmentState,
    HistoryEntry,
    NoticeKind,
    ReceivingMethod,
)
from applications.status import Actor, MoveName, Procedure, Status
from applications.status_page import next_step, progress
from applications.status_page.next_step import Act
from koss.ground import clock
from payments.numbers import information


@dataclass
class StatusPage:
    """申請状況確認 of one application, which comes with its office, at one moment."""

    application: Application
    now: datetime

    @cached_property
    def notices(self):
        standing = ~Q(kind=NoticeKind.ANNOUNCEMENT) | Q(answered_at=None)
        return list(self.application.notices.filter(standing))

    @cached_property
    def steps(self):
        return progress.bar(self.application)

    @cached_property
    def next_step(self):
        return next_step.of(self.application, owed=self.owed, now=self.now)

    @cached_property
    def attachments(self):
        return list(self.application.attachments.select_related("search"))

    @cached_property
    def not_found(self):
        """The searches for missing papers that have found nothing so far."""
        missing = [each for each in self.attachments if each.state == AttachmentState.MISSING]
        searches = [each.search for each in missing if hasattr(each, "search")]
        return [search for search in searches if search.asked_at]

    @cached_property
    def payments(self):
        return information.blocks_of(self.application, now=self.now)

    @cached_property
    def timeline(self):
        return list(self.application.history.order_by("-version"))

    @cached_property
    def announcements(self):
        """お知らせ that staff wrote for this application and did not end."""
        return [notice for notice in self.notices if notice.kind == NoticeKind.ANNOUNCEMENT]

    @cached_property
    def notice(self):
        """通知等情報: the newest notice that still stands, or None."""
        official = [notice for notice in self.notices if notice.kind != NoticeKind.ANNOUNCEMENT]
        return official[0] if official and official[0].answered_at is None else None

    @property
    def order(self):
        """The correction order that waits for an answer, or None."""
        open_to_answer = self.application.status in Status.CORRECTABLE
        return self.notice if open_to_answer else None

    @property
    def ordered_items(self):
        """What the order opens, by name."""
        fields = [correctable.label(name) for name in self.order.fields]
        return fields + [AttachmentKind(kind).label for kind in self.order.attachments]

    @property
    def may_withdraw(self):
        return Act.WITHDRAW in self.next_step.acts

    @property
    def may_correct(self):
        return Act.CORRECT in self.next_step.acts

    @property
    def may_pay(self):
        return Act.PAY in self.next_step.acts

    @property
    def payer_pays(self):
        """Whether what is owed is paid from 納付ログイン."""
        return Act.GO_TO_PAYMENT in self.next_step.acts

    @property
    def may_issue_code(self):
        return Act.ISSUE_CODE in self.next_step.acts

    @property
    def may_withdraw_unpaid(self):
        """Part 7: before a payment number was taken."""
        return self.may_withdraw and self.application.status == Status.FEES_IN_BATCH

    @property
    def owed(self):
        """The block of 納付情報 that the application waits for, or None."""
        if self.application.status not in Status.PAYABLE:
            return None
        return information.owed_in(self.payments)

    @property
    def ready_status(self):
        """The status in which the pickup code can be issued."""
        if self.application.procedure == Procedure.CONTINUED_INSPECTION:
            return Status.READY_TO_RETURN.label
        return Status.READY_TO_ISSUE.label

    @property
    def is_picked_up(self):
        return self.application.status in Status.PICKED_UP

    @property
    def agent_returns(self):
        """Whether a recording agent hands the certificate back, so that no code is needed."""
        return self.next_step.who == Party.AGENT

    @property
    def changes_receiving_method(self):
        """Whether issuing the pickup code would change 受取方法 for good."""
        return self.application.receiving_method != ReceivingMethod.VEHICLE_CODE

    @property
    def pickup_code_method(self):
        return ReceivingMethod.VEHICLE_CODE.label

    @property
    def annual_tax_unconfirmed(self):
        return self.application.annual_tax_confirmed is False

    @property
    def annual_tax_confirmed(self):
        """Whether 軽自動車税種別割 was confirmed at the review, so that no paper is needed."""
        application = self.application
        return bool(
            application.procedure == Procedure.CONTINUED_INSPECTION
            and application.annual_tax_confirmed
            and application.reviewed_on
            and application.status not in Status.FINAL
        )

    @property
    def has_announcements(self):
        """Whether part 9 has anything to say that asks for attention."""
        return bool(self.announcements or self.next_step.warning or self.annual_tax_unconfirmed)


def may(application, name, *, now):
    """Whether the applicant can make the move ``name`` at ``now``."""
    return any(
        move.name == name for move in moves.open_moves(application, actor=Actor.APPLICANT, now=now)
    )


@dataclass(frozen=True)
class MoveRefusal:
    """Why a move is not possible, and what moved the application last."""

    application: Application
    screen: str
    title: str
    sentence: str
    last: HistoryEntry


_SCREENS = {
    MoveName.WITHDRAW: Screen.WITHDRAWAL,
    MoveName.SEND_CORRECTION: Screen.CORRECTION,
}
_NEVER = {
    MoveName.WITHDRAW: _("申請を取り下げることができませんでした"),
    MoveName.SEND_CORRECTION: _("補正を申請することができませんでした"),
}


def refusal(application, name, *, now):
    """What the 409 page says about ``application`` as it stands."""
    return MoveRefusal(
        application=application,
        screen=_SCREENS[name],
        title=_NEVER[name],
        sentence=_why(application, name, now),
        last=application.history.order_by("-version").first(),
    )


def _why(application, name, now):
    status = application.status
    overdue = application.deadline and application.deadline < clock.day(now)
    if name == MoveName.SEND_CORRECTION:
        if status == Status.AWAITING_CORRECTION and overdue:
            return _("補正期限を過ぎたため、補正を受け付けることができません。")
        if corrections.open_order_of(application) is None:
            return _("この申請には、いま答える補正の指示がありません。")
        return _("このページを開いたあとで申請の状況が変わりました。最新の状況を確認してください。")
    if status == Status.FEES_DUE:
        return _("個別納付の申請は、手数料の納付を待っている間は取り下げることができません。")
    if status == Status.FEES_IN_BATCH:
        return _("納付番号を取得したあとは、申請を1件ずつ取り下げることはできません。")
    if status == Status.AWAITING_CORRECTION:
        return _("このページを開いたあとで申請の状況が変わりました。最新の状況を確認してください。")
    return _("いまの申請状況では、申請を取り下げることはできません。")
