"""The record of every move: never changed, never deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.status import actors, statuses


class HistoryEntry(models.Model):
    """One move of one application. ``version`` counts the moves of an application from 1."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="history",
        editable=False,
    )
    version = models.PositiveIntegerField(_("回"), editable=False)
    move = models.CharField(_("処理"), max_length=40, editable=False)
    from_status = models.CharField(
        _("変更前"), max_length=24, choices=statuses, blank=True, editable=False
    )
    to_status = models.CharField(_("変更後"), max_length=24, choices=statuses, editable=False)
    actor = models.CharField(_("処理者区分"), max_length=16, choices=actors, editable=False)
    by = models.CharField(_("処理者"), max_length=150, blank=True, editable=False)
    reason = models.TextField(_("理由"), blank=True, editable=False)
    at = models.DateTimeField(_("日時"), editable=False)
    press_key = models.CharField(  # noqa: DJ001 - unique where given, so absent must be NULL
        _("送信キー"), max_length=32, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("申請の履歴")
        ordering = ["application", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"], name="one_entry_per_version"
            ),
            models.UniqueConstraint(fields=["application", "press_key"], name="one_move_per_press"),
        ]

    def __str__(self):
        return f"{self.move} {self.to_status}"
