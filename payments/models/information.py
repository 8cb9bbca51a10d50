"""Payment information: the numbers under which charges are paid. All amounts in yen."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applications.labels import Column as Owed
from applications.labels import Section
from applications.models import ChargeKind, PaymentMethod
from applications.status import Status
from koss.ground.fields import EnumField
from payments.labels import Column, NumberKindName, State
from payments.models.settlement import NoticeVerdict


class NumberKind(models.TextChoices):
    """What one payment number may stand for."""

    FEES = "fees", NumberKindName.FEES
    WEIGHT_TAX = ChargeKind.WEIGHT_TAX.value, ChargeKind.WEIGHT_TAX.label
    VEHICLE_TAX = ChargeKind.VEHICLE_TAX.value, ChargeKind.VEHICLE_TAX.label

    @property
    def charge_kinds(self):
        """The kinds of charge that share a number of this kind."""
        return ChargeKind.FEES if self is NumberKind.FEES else frozenset({self.value})

    @property
    def statuses(self):
        """The statuses in which an application waits for this payment."""
        return _WAITING[self]

    @classmethod
    def of(cls, status):
        """What an application in ``status`` has to pay, or None."""
        return next((kind for kind in cls if status in kind.statuses), None)


_WAITING = {
    NumberKind.FEES: frozenset({Status.FEES_DUE, Status.FEES_IN_BATCH}),
    NumberKind.WEIGHT_TAX: frozenset({Status.WEIGHT_TAX_DUE, Status.WEIGHT_TAX_IN_BATCH}),
    NumberKind.VEHICLE_TAX: frozenset({Status.VEHICLE_TAX_DUE, Status.VEHICLE_TAX_IN_BATCH}),
}


class PaymentState(models.TextChoices):
    """Where one payment number stands. Only UNPAID can still become anything else."""

    UNPAID = "unpaid", State.UNPAID
    PAID = "paid", State.PAID
    WITHDRAWN = "withdrawn", State.WITHDRAWAL_ACCEPTED
    EXPIRED = "expired", State.EXPIRED
    REFUSED = "refused", State.REFUSED
    CANCELLED = "cancelled", State.CANCELLED


def new_reference():
    return uuid.uuid4().hex


class PaymentInformation(models.Model):
    """One payment number for one kind of charge: of one application, or of a whole batch.

    The numbers are empty until the collecting agency answers. ``reference`` is what the portal
    calls it towards bank and agency.
    """

    reference = models.CharField(
        _("参照番号"), max_length=32, default=new_reference, editable=False
    )
    user = models.ForeignKey(
        "payments.PaymentUser",
        models.PROTECT,
        verbose_name=_("納付利用者"),
        related_name="batches",
        null=True,
        editable=False,
    )
    method = EnumField(_("納付方法"), max_length=12, enum=PaymentMethod, editable=False)
    kind = EnumField(Owed.CHARGE_KIND, max_length=12, enum=NumberKind, editable=False)
    agency_number = models.CharField(Column.AGENCY_NUMBER, max_length=5, blank=True, editable=False)
    payment_number = models.CharField(
        Column.PAYMENT_NUMBER, max_length=20, blank=True, editable=False
    )
    confirmation_number = models.CharField(
        Column.CONFIRMATION_NUMBER, max_length=6, blank=True, editable=False
    )
    amount = models.PositiveIntegerField(Owed.AMOUNT, editable=False)
    count = models.PositiveIntegerField(_("申請件数"), editable=False)
    due_on = models.DateField(Owed.DUE_ON, editable=False)
    requested_at = models.DateTimeField(_("納付番号取得依頼日時"), editable=False)
    numbered_at = models.DateTimeField(_("納付番号回答日時"), null=True, editable=False)
    refusal = models.CharField(_("取得不可の理由"), max_length=200, blank=True, editable=False)

    state = EnumField(
        Column.BATCH_STATE,
        max_length=12,
        enum=PaymentState,
        default=PaymentState.UNPAID,
        editable=False,
    )
    presses = models.PositiveIntegerField(_("納付ボタンの回数"), default=0, editable=False)
    pressed_at = models.DateTimeField(_("最後の納付ボタンの日時"), null=True, editable=False)
    consented_at = models.DateTimeField(_("書面提示への同意日時"), null=True, editable=False)
    withdrawal_accepted_at = models.DateTimeField(_("取り下げ受付日時"), null=True, editable=False)
    ended_at = models.DateTimeField(_("効力を失った日時"), null=True, editable=False)
    request_key = models.CharField(_("操作の識別子"), max_length=32, null=True, editable=False)  # noqa: DJ001 - None: made without a form

    class Meta:
        verbose_name = verbose_name_plural = Section.PAYMENT
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_information_per_reference"),
            models.UniqueConstraint(
                fields=["payment_number"],
                name="one_information_per_payment_number",
                condition=~Q(payment_number=""),
            ),
            models.UniqueConstraint(
                fields=["request_key", "kind"],
                name="one_information_per_request_key_and_kind",
                condition=Q(request_key__isnull=False),
            ),
            models.CheckConstraint(
                name="withdrawn_information_is_of_fees",
                condition=(
                    Q(
                        state=PaymentState.WITHDRAWN,
                        kind=NumberKind.FEES,
                        withdrawal_accepted_at__isnull=False,
                    )
                    | (~Q(state=PaymentState.WITHDRAWN) & Q(withdrawal_accepted_at=None))
                ),
            ),
            models.CheckConstraint(
                name="information_of_many_has_a_user",
                condition=Q(method=PaymentMethod.INDIVIDUAL, user=None)
                | (~Q(method=PaymentMethod.INDIVIDUAL) & Q(user__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "method", "due_on", "id"], name="information_of_user"),
            models.Index(fields=["state", "due_on", "id"], name="information_by_state"),
            models.Index(
                fields=["id"],
                name="information_without_number",
                condition=Q(state=PaymentState.UNPAID, payment_number=""),
            ),
        ]

    def __str__(self):
        return self.payment_number or "-"

    @cached_property
    def paid_at(self):
        """When the bank settled it, or None. One query."""
        applied = self.notices.filter(verdict=NoticeVerdict.APPLIED)
        return applied.values_list("settled_at", flat=True).first()


class PaymentLine(models.Model):
    """One charge under one payment number; ``released_at``: since when no longer."""

    information = models.ForeignKey(
        PaymentInformation,
        models.PROTECT,
        verbose_name=Section.PAYMENT,
        related_name="lines",
        editable=False,
    )
    charge = models.ForeignKey(
        "applications.Charge",
        models.PROTECT,
        verbose_name=_("税・手数料"),
        related_name="lines",
        editable=False,
    )
    released_at = models.DateTimeField(_("対象から外れた日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("納付明細")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charge"],
                name="one_live_line_per_charge",
                condition=Q(released_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.information} {self.charge}"
