"""Rows of the demo alone: its clock, its accounts, the seats of a course, its log of requests."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss.labels import Screen


class DemoClock(models.Model):
    """How far the demo's clock runs ahead. At most one row, read in demo mode only."""

    ahead = models.DurationField(_("進めた時間"), default=timedelta, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("デモ用時計")

    def __str__(self):
        return str(self.ahead)

    @classmethod
    def offset(cls):
        """The offset to add to the machine's time."""
        return cls.objects.values_list("ahead", flat=True).first() or timedelta()


class DemoSeat(models.Model):
    """One seat of a course. ``rounds``: how often it was put back to its beginning.

    ``payer``: the 納付利用者ID that belongs to it. ``begun_at``: by the portal's clock.
    """

    number = models.PositiveSmallIntegerField(_("席番号"), editable=False)
    payer = models.CharField(_("席の納付利用者"), max_length=8, editable=False)
    begun_at = models.DateTimeField(_("開始日時"), editable=False)
    rounds = models.PositiveIntegerField(_("始めに戻した回数"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Screen.SEATS
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_seat_per_number"),
            models.UniqueConstraint(fields=["payer"], name="one_seat_per_payer"),
        ]

    def __str__(self):
        return f"{self.number:02d}"


class DemoAccount(models.Model):
    """One application of the demo world. A database that holds any is a demo's, for good.

    ``needs_login``: it shows something about the login itself, so it is not opened by a button.
    ``seat``, ``place``: of a seat, and which of its applications (``applications.demo.course``).
    """

    receipt_number = models.CharField(_("受付番号"), max_length=17, editable=False)
    shows = models.CharField(_("見られるもの"), max_length=200, editable=False)
    needs_login = models.BooleanField(_("ログインから試す"), default=False, editable=False)
    seat = models.ForeignKey(
        DemoSeat,
        models.CASCADE,
        verbose_name=DemoSeat._meta.verbose_name,
        related_name="accounts",
        null=True,
        editable=False,
    )
    place = models.PositiveSmallIntegerField(_("席の中の順番"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("デモ用の申請")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_number"], name="one_demo_account_per_receipt_number"
            ),
            models.UniqueConstraint(
                fields=["seat", "place"],
                name="one_demo_account_per_place",
                condition=Q(seat__isnull=False),
            ),
            models.CheckConstraint(
                name="a_place_is_in_a_seat",
                condition=Q(seat=None, place=None) | Q(seat__isnull=False, place__isnull=False),
            ),
        ]

    def __str__(self):
        return self.receipt_number


class ApiExchange(models.Model):
    """One request to the bulk interface and its answer, as they were; in demo mode only.

    ``reference`` is the ``X-Request-Id`` of the answer. ``credential``: None without a good key.
    ``asked`` and ``answered``: headers, without secrets; the texts of the bodies are cut off.
    ``took``: milliseconds.
    """

    reference = models.CharField(_("要求ID"), max_length=32, editable=False)
    at = models.DateTimeField(_("日時"), editable=False)
    credential = models.ForeignKey(
        "payments.Credential",
        models.CASCADE,
        verbose_name=_("要求のAPIキー"),
        related_name="exchanges",
        null=True,
        db_index=False,  # exchanges_of_credential begins with it
        editable=False,
    )
    method = models.CharField(_("メソッド"), max_length=10, editable=False)
    path = models.CharField(_("アドレス"), max_length=500, editable=False)
    code = models.PositiveSmallIntegerField(_("応答の状態"), editable=False)
    took = models.PositiveIntegerField(_("かかった時間（ミリ秒）"), editable=False)
    asked = models.JSONField(_("要求のヘッダー"), default=dict, editable=False)
    body = models.TextField(_("要求の本文"), blank=True, editable=False)
    answered = models.JSONField(_("応答のヘッダー"), default=dict, editable=False)
    answer = models.TextField(_("応答の本文"), blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請APIの要求")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_exchange_per_reference"),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="exchanges_newest_first"),
            models.Index(fields=["credential", "-at", "-id"], name="exchanges_of_credential"),
        ]

    def __str__(self):
        return self.reference


def is_a_demo():
    """Whether this database was made as a demo: it has the demo's clock or accounts, for good."""
    return DemoClock.objects.exists() or DemoAccount.objects.exists()
