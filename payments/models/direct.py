"""Direct payment: accounts that may be debited, and the debits that were ordered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import Section
from koss.ground.fields import EnumField
from koss.ground.model_fields import CodeColumn, KanaColumn
from payments.labels import Column, Division, Field, State
from payments.models.information import new_reference


class AccountKind(models.TextChoices):
    """国庫金 pays fees and weight tax, 地方税 pays 環境性能割."""

    NATIONAL = "national", Division.NATIONAL
    LOCAL = "local", Division.LOCAL


class AccountState(models.TextChoices):
    WAITING = "waiting", _("金融機関に確認中")
    ACTIVE = "active", _("登録済")
    REFUSED = "refused", _("登録不可")


class AccountType(models.TextChoices):
    ORDINARY = "ordinary", _("普通")
    CURRENT = "current", _("当座")


class DebitState(models.TextChoices):
    SCHEDULED = "scheduled", _("引き落とし予約")
    ORDERED = "ordered", _("引き落とし依頼中")
    DONE = "done", pgettext_lazy("debit", "済")
    FAILED = "failed", _("引き落とし不能")
    CANCELLED = "cancelled", State.CANCELLED


class DirectAccount(models.Model):
    """One ダイレクト納付口座 of a payment user. It is used once the bank has confirmed it."""

    reference = models.CharField(
        _("参照番号"), max_length=32, default=new_reference, editable=False
    )
    account_id = models.CharField(Column.ACCOUNT_ID, max_length=8, editable=False)
    user = models.ForeignKey(
        "payments.PaymentUser",
        models.PROTECT,
        verbose_name=_("納付利用者"),
        related_name="accounts",
        editable=False,
    )
    kind = EnumField(_("口座の種類"), max_length=10, enum=AccountKind)
    holder_kana = KanaColumn(Column.HOLDER_KANA, max_length=48)
    bank = models.CharField(Field.BANK_CODE, max_length=4)
    bank_name = models.CharField(Column.BANK_NAME, max_length=60, blank=True)
    branch = CodeColumn(Field.BRANCH_CODE, max_length=3)
    branch_name = models.CharField(Column.BRANCH_NAME, max_length=60, blank=True)
    account_type = EnumField(_("預金種目"), max_length=10, enum=AccountType)
    account_number = CodeColumn(_("口座番号"), max_length=7)
    state = EnumField(_("登録状況"), max_length=10, enum=AccountState, default=AccountState.WAITING)
    refusal = models.CharField(_("登録できない理由"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("申込日時"), editable=False)
    decided_at = models.DateTimeField(_("回答日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("ダイレクト納付口座")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account_id"], name="one_account_per_id"),
            models.UniqueConstraint(fields=["reference"], name="one_account_per_reference"),
        ]

    def __str__(self):
        return self.account_id


class DebitOrder(models.Model):
    """One debit of one payment number from one account, at once or on its day."""

    information = models.OneToOneField(
        "payments.PaymentInformation",
        models.PROTECT,
        verbose_name=Section.PAYMENT,
        related_name="debit",
        editable=False,
    )
    account = models.ForeignKey(
        DirectAccount,
        models.PROTECT,
        verbose_name=Column.ACCOUNT_ID,
        related_name="debits",
        editable=False,
    )
    debit_on = models.DateField(Column.DEBIT_ON, editable=False)
    state = EnumField(
        Column.DEBIT_STATE,
        max_length=10,
        enum=DebitState,
        default=DebitState.SCHEDULED,
        editable=False,
    )
    failure = models.CharField(_("引き落とし不能の理由"), max_length=40, blank=True, editable=False)
    made_at = models.DateTimeField(_("受付日時"), editable=False)
    ordered_at = models.DateTimeField(_("依頼日時"), null=True, editable=False)
    finished_at = models.DateTimeField(_("結果日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("ダイレクト納付の引き落とし")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["debit_on", "id"],
                name="debits_under_way",
                condition=Q(state__in=["scheduled", "ordered"]),
            ),
        ]

    def __str__(self):
        return f"{self.account} {self.information}"
