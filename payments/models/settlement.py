"""What banks told about money, and money that has to go back. All amounts in yen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Column as Owed
from applications.labels import Section
from koss.ground.fields import EnumField
from koss.ground.model_fields import ReasonLineColumn, rows_with
from payments.labels import Column


class NoticeVerdict(models.TextChoices):
    """What became of a notice. Exactly one notice of a payment number is APPLIED."""

    APPLIED = "applied", _("消込済")
    REPEATED = "repeated", _("同じ通知の再受信")
    CONFLICTING = "conflicting", _("同じ番号で内容の異なる通知")
    SECOND = "second", _("二重の入金")
    AFTER_WITHDRAWAL = "after_withdrawal", _("取り下げ受付後の入金")
    AFTER_DUE = "after_due", _("期限後の入金")
    WRONG_AMOUNT = "wrong_amount", _("金額の異なる入金")
    NOT_OWED = "not_owed", _("納付対象でない入金")
    UNKNOWN_NUMBER = "unknown_number", _("該当する納付番号のない入金")

    @property
    def is_money(self):
        """Whether the notice tells of money of its own (the others repeat an earlier one)."""
        return self not in (NoticeVerdict.REPEATED, NoticeVerdict.CONFLICTING)

    @property
    def goes_back(self):
        return self.is_money and self is not NoticeVerdict.APPLIED


class Way(models.TextChoices):
    LINK = "link", _("情報リンク方式")
    ATM = "atm", _("オンライン方式")
    DIRECT = "direct", _("ダイレクト方式")


class Finder(models.TextChoices):
    NOTICE = "notice", _("入金通知の受信")
    RECONCILIATION = "reconciliation", _("照合")


class RefundState(models.TextChoices):
    OPEN = "open", _("未処理")
    DONE = "done", _("還付済")


class SettlementNotice(models.Model):
    """One notice as it came in. Every one is kept; none is ever changed but in the demo.

    ``settled_at`` is the bank's moment in the portal's time, ``settlement_id`` the bank's name for
    the money.
    """

    settlement_id = models.CharField(_("入金番号"), max_length=40, editable=False)
    agency_number = models.CharField(Column.AGENCY_NUMBER, max_length=5, editable=False)
    payment_number = models.CharField(Column.PAYMENT_NUMBER, max_length=20, editable=False)
    amount = models.PositiveIntegerField(Owed.AMOUNT, editable=False)
    settled_at = models.DateTimeField(_("入金日時"), editable=False)
    received_at = models.DateTimeField(_("受信日時"), editable=False)
    way = EnumField(_("納付方式"), max_length=8, enum=Way, editable=False)
    bank = models.CharField(_("金融機関コード"), max_length=4, editable=False)
    found_by = EnumField(_("受信方法"), max_length=16, enum=Finder, editable=False)
    verdict = EnumField(_("処理結果"), max_length=20, enum=NoticeVerdict, editable=False)
    information = models.ForeignKey(
        "payments.PaymentInformation",
        models.PROTECT,
        verbose_name=Section.PAYMENT,
        related_name="notices",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("入金通知")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement_id"],
                name="one_money_per_settlement",
                condition=~Q(verdict__in=[NoticeVerdict.REPEATED, NoticeVerdict.CONFLICTING]),
            ),
            models.UniqueConstraint(
                fields=["information"],
                name="one_applied_settlement",
                condition=Q(verdict=NoticeVerdict.APPLIED),
            ),
        ]
        indexes = [
            models.Index(fields=["settlement_id"], name="notices_of_settlement"),
            models.Index(fields=["settled_at", "agency_number"], name="notices_by_day"),
            models.Index(fields=["payment_number"], name="notices_of_number"),
            models.Index(
                fields=["verdict", "id"],
                name="notices_not_applied",
                condition=~Q(verdict=NoticeVerdict.APPLIED),
            ),
        ]

    def __str__(self):
        return self.settlement_id


class Reconciliation(models.Model):
    """Until when everything that the bank settled is known here. One row."""

    answered_until = models.DateTimeField(_("照合済みの日時"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("照合の状況")

    def __str__(self):
        return self.answered_until.isoformat()


class Refund(models.Model):
    """還付: money that came in and must go back. Opened with its notice, closed by staff."""

    notice = models.OneToOneField(
        SettlementNotice,
        models.PROTECT,
        verbose_name=_("入金通知"),
        related_name="refund",
        editable=False,
    )
    amount = models.PositiveIntegerField(Owed.AMOUNT, editable=False)
    reason = EnumField(_("還付の理由"), max_length=20, enum=NoticeVerdict, editable=False)
    state = EnumField(
        _("還付状況"),
        max_length=8,
        enum=RefundState,
        default=RefundState.OPEN,
        editable=False,
    )
    opened_at = models.DateTimeField(_("発生日時"), editable=False)
    done_at = models.DateTimeField(_("還付日時"), null=True, editable=False)
    done_by = models.CharField(_("処理した職員"), max_length=150, blank=True, editable=False)
    note = ReasonLineColumn(_("還付の記録"), max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("還付")
        ordering = ["state", "pk"]
        constraints = [
            models.CheckConstraint(
                name="done_refund_says_when_and_by_whom",
                condition=Q(state=RefundState.OPEN, done_at=None, done_by="")
                | Q(state=RefundState.DONE, done_at__isnull=False) & ~Q(done_by=""),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="open_refunds", condition=Q(state=RefundState.OPEN)),
            models.Index(fields=["opened_at"], name="refunds_by_opening"),
            rows_with("done_at", name="refunds_by_closing"),
        ]

    def __str__(self):
        return f"{self.notice} {self.amount}"
