"""What happened to applications of bulk users, in the order in which it can be read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field, Section
from koss.ground.fields import EnumField


class ChangeKind(models.TextChoices):
    STATUS = "status", Section.CURRENT_STATUS
    PAYMENT = "payment", Section.PAYMENT
    NOTICE = "notice", Section.DEADLINES
    PAPERS = "papers", Section.ATTACHMENTS


class ApplicationEvent(models.Model):
    """One change of what the bulk interface says of one application.

    ``number``: its place in the feed, given after it was committed
    (``applications.life.feed``); None until somebody reads. ``entry``: the move behind a status.
    """

    number = models.PositiveBigIntegerField(_("通し番号"), null=True, editable=False)
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="events",
        editable=False,
    )
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, editable=False)
    kind = EnumField(_("内容"), max_length=8, enum=ChangeKind, editable=False)
    entry = models.ForeignKey(
        "applications.HistoryEntry",
        models.PROTECT,
        verbose_name=_("申請の履歴"),
        related_name="+",
        null=True,
        editable=False,
    )
    at = models.DateTimeField(_("日時"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請の変更通知")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_event_per_number"),
        ]
        indexes = [
            models.Index(fields=["bulk_id", "number"], name="events_of_bulk_id"),
            models.Index(fields=["id"], name="events_without_number", condition=Q(number=None)),
        ]

    def __str__(self):
        return f"{self.number or '-'} {self.get_kind_display()}"


class EventFeed(models.Model):
    """One row, whose lock is held by the one who gives numbers. ``last``: the highest so far."""

    last = models.PositiveBigIntegerField(_("最後の通し番号"), default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請の変更通知の通し番号")

    def __str__(self):
        return str(self.last)
