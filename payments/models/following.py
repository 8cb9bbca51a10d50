"""How a payment user follows many applications: a calendar of their deadlines, one mail a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.labels import Section
from payments.models.user import PaymentUser


class CalendarAddress(models.Model):
    """The secret address of a payment user's calendar. Deleted: the address is no more.

    ``reference`` and a signature over it make the address, which therefore stands in no table.
    ``reads``: how often it was read of late, at ``read_at``, by the machine's own time.
    """

    user = models.OneToOneField(
        PaymentUser,
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="calendar_address",
        editable=False,
    )
    reference = models.CharField(_("照合番号"), max_length=32, editable=False)
    made_at = models.DateTimeField(_("作成日時"), editable=False)
    reads = models.FloatField(_("最近の読み込み回数"), default=0, editable=False)
    read_at = models.DateTimeField(_("最後に読み込まれた日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Section.CALENDAR_ADDRESS
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_calendar_per_reference"),
        ]

    def __str__(self):
        return str(self.user)


class MorningMail(models.Model):
    """A user with this row gets one mail in the morning instead of one for each change.

    ``told_until``: changes up to this moment are told. ``told_lately``: [key, version] of those of
    the last minutes before it. ``told_on``: the last morning that was looked at.
    """

    user = models.OneToOneField(
        PaymentUser,
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="morning_mail",
        editable=False,
    )
    chosen_at = models.DateTimeField(_("選択日時"), editable=False)
    told_until = models.DateTimeField(_("お知らせ済みの日時"), editable=False)
    told_lately = models.JSONField(_("直前にお知らせした申請"), default=list, editable=False)
    told_on = models.DateField(_("最後に確認した朝"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Section.MORNING_MAIL
        ordering = ["-pk"]

    def __str__(self):
        return str(self.user)
