"""What is owed for an application, and from which table the amounts come. All amounts in yen.

How a charge is paid belongs to the payments app, whose rows point down at these.
"""

from enum import nonmember

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Column
from applications.status import Procedure
from koss.ground.fields import EnumField


class PaymentMethod(models.TextChoices):
    INDIVIDUAL = "individual", _("個別納付")
    BATCH = "batch", _("まとめ納付")
    DIRECT = "direct", _("ダイレクト納付")


class ChargeKind(models.TextChoices):
    INSPECTION_FEE = "inspection_fee", _("検査手数料")
    TECHNICAL_FEE = "technical_fee", _("技術情報管理手数料")
    WEIGHT_TAX = "weight_tax", _("自動車重量税")
    VEHICLE_TAX = "vehicle_tax", _("軽自動車税環境性能割")

    FEES = nonmember(frozenset({"inspection_fee", "technical_fee"}))


class WeightClass(models.TextChoices):
    """Classes of the weight tax for private light vehicles."""

    EXEMPT = "exempt", _("免税")
    LESS_75 = "less_75", _("75％軽減")
    LESS_50 = "less_50", _("50％軽減")
    LESS_25 = "less_25", _("25％軽減")
    ECO = "eco", _("エコカー（本則税率）")
    NORMAL = "normal", _("通常")
    OVER_13_YEARS = "over_13_years", _("13年経過")
    OVER_18_YEARS = "over_18_years", _("18年経過")


class Rate(models.Model):
    """One line of the dated table: what a kind of charge costs from ``first_day`` on.

    Staff add a line with its first day; what was already charged never changes.
    """

    kind = EnumField(Column.CHARGE_KIND, max_length=20, enum=ChargeKind)
    procedure = EnumField(_("手続種別"), max_length=24, enum=Procedure)
    weight_class = EnumField(
        _("重量税区分"), max_length=20, enum=WeightClass, blank=True, default=""
    )
    first_day = models.DateField(_("適用開始日"))
    amount = models.PositiveIntegerField(Column.AMOUNT)

    class Meta:
        verbose_name = verbose_name_plural = _("税・手数料額表")
        ordering = ["kind", "procedure", "weight_class", "-first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "procedure", "weight_class", "first_day"],
                name="one_rate_per_first_day",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.first_day}"


class ChargeQuerySet(models.QuerySet):
    def fees(self):
        """検査手数料 and 技術情報管理手数料, which share one payment number."""
        return self.filter(kind__in=ChargeKind.FEES)

    def unpaid(self):
        return self.filter(amount__gt=0, paid_at=None)

    def numbered(self):
        """Those for which a payment number was taken."""
        return self.exclude(number_taken_at=None)


class Charge(models.Model):
    """One tax or fee owed for one application. Amount 0: nothing has to be paid.

    ``applications.life.charges`` alone writes it. ``paid_at``: when the bank settled, not when it
    told.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="charges",
        editable=False,
    )
    kind = EnumField(Column.CHARGE_KIND, max_length=20, enum=ChargeKind, editable=False)
    amount = models.PositiveIntegerField(Column.AMOUNT, editable=False)
    due_on = models.DateField(Column.DUE_ON, editable=False)
    number_taken_at = models.DateTimeField(_("納付番号取得日時"), null=True, editable=False)
    withdrawal_accepted_on = models.DateField(_("取り下げ受付日"), null=True, editable=False)
    paid_at = models.DateTimeField(_("納付完了日時"), null=True, editable=False)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("税・手数料")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="one_charge_per_kind"),
            models.CheckConstraint(
                name="paid_only_with_a_number",
                condition=Q(paid_at=None) | Q(number_taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="withdrawn_only_with_a_number",
                condition=Q(withdrawal_accepted_on=None) | Q(number_taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="paid_or_withdrawn_not_both",
                condition=Q(paid_at=None) | Q(withdrawal_accepted_on=None),
            ),
            models.CheckConstraint(
                name="no_number_for_nothing",
                condition=Q(amount__gt=0) | Q(number_taken_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
