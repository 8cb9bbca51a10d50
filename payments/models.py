"""Payment information: the numbers under which charges are paid. All amounts in yen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.labels import Column as Owed
from applications.labels import Section
from applications.models import PaymentMethod
from applications.models.charge import payment_methods
from payments.labels import Column


class PaymentInformation(models.Model):
    """One payment number for one kind of charge. The numbers are empty until the agency answers."""

    method = models.CharField(
        _("納付方法"),
        max_length=12,
        choices=payment_methods,
        default=PaymentMethod.INDIVIDUAL,
        editable=False,
    )
    agency_number = models.CharField(Column.AGENCY_NUMBER, max_length=5, blank=True, editable=False)
    payment_number = models.CharField(
        Column.PAYMENT_NUMBER, max_length=20, blank=True, editable=False
    )
    confirmation_number = models.CharField(
        Column.CONFIRMATION_NUMBER, max_length=6, blank=True, editable=False
    )
    amount = models.PositiveIntegerField(Owed.AMOUNT, editable=False)
    due_on = models.DateField(Owed.DUE_ON, editable=False)
    requested_at = models.DateTimeField(_("納付番号取得日時"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Section.PAYMENT
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment_number"],
                name="one_information_per_payment_number",
                condition=~models.Q(payment_number=""),
            ),
        ]

    def __str__(self):
        return self.payment_number or "-"


class PaymentLine(models.Model):
    """One charge under one payment number."""

    information = models.ForeignKey(
        PaymentInformation,
        models.PROTECT,
        verbose_name=Section.PAYMENT,
        related_name="lines",
        editable=False,
    )
    charge = models.OneToOneField(
        "applications.Charge",
        models.PROTECT,
        verbose_name=_("税・手数料"),
        related_name="line",
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("納付明細")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.information} {self.charge}"
