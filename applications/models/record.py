"""The record of every move: never changed, never deleted."""

from functools import reduce
from operator import and_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.reasons import STANDARD_REASONS
from applications.status import Actor, MoveName, Status
from koss.ground.fields import EnumField
from koss.ground.model_fields import ReasonColumn

# What 統計 does not count by day; the rest are decisions, and what ended without one. Named in the
# condition of an index, which SQLite takes where a query says each of its terms in the same words.
UNCOUNTED = (
    MoveName.TAKE_IN,
    MoveName.ACCEPT,
    MoveName.SETTLE,
    MoveName.ORDER_CORRECTION,
    MoveName.SEND_CORRECTION,
    MoveName.HAND_OVER,
    MoveName.RECORD_RETURN,
)


def is_counted():
    """Condition for the moves that 統計 counts by day."""
    return reduce(and_, (~Q(move=move.value) for move in UNCOUNTED))


class HistoryEntry(models.Model):
    """One move of one application. ``version`` counts the moves of an application from 1.

    ``seconded_by``: who confirmed what ``by`` had proposed, where a second look was asked for.
    ``reason``: why, in the words of the member of staff; else ``standard_reason`` says it.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="history",
        editable=False,
    )
    version = models.PositiveIntegerField(_("回"), editable=False)
    move = models.CharField(_("処理"), max_length=40, editable=False)
    from_status = EnumField(_("変更前"), max_length=24, enum=Status, blank=True, editable=False)
    to_status = EnumField(_("変更後"), max_length=24, enum=Status, editable=False)
    actor = EnumField(_("処理者区分"), max_length=16, enum=Actor, editable=False)
    by = models.CharField(_("処理者"), max_length=150, blank=True, editable=False)
    seconded_by = models.CharField(
        _("2人目の確認者"), max_length=150, blank=True, default="", db_default="", editable=False
    )
    reason = ReasonColumn(_("理由"), blank=True, editable=False)
    standard_reason = EnumField(
        _("定型の理由"), max_length=24, choices=STANDARD_REASONS, blank=True, editable=False
    )
    at = models.DateTimeField(_("日時"), editable=False)
    request_key = models.CharField(  # noqa: DJ001 - unique where given, so absent must be NULL
        _("送信キー"), max_length=32, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("申請の履歴")
        ordering = ["application", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"], name="one_entry_per_version"
            ),
            models.UniqueConstraint(
                fields=["application", "request_key"], name="one_move_per_request_key"
            ),
        ]
        indexes = [
            # What a member of staff did last; the night and applicants are nobody by name.
            models.Index(fields=["by", "at", "id"], name="history_by_staff", condition=~Q(by="")),
            models.Index(
                fields=["at", "move", "application"],
                name="history_counted_by_day",
                condition=is_counted(),
            ),
        ]

    def __str__(self):
        return f"{self.move} {self.to_status}"

    @property
    def reason_in_words(self):
        """Why, as a reader sees it."""
        return self.reason or self.get_standard_reason_display()
