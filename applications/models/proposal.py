"""A move that one member of staff proposes and another confirms (KOSS_SECOND_REVIEW)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.record import HistoryEntry
from applications.status import Actor, MoveName
from koss.ground.fields import EnumField
from koss.ground.model_fields import ReasonColumn


def _named(field):
    """The word of the same column of the record."""
    return HistoryEntry._meta.get_field(field).verbose_name


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("2人目の確認待ち")
    CONFIRMED = "confirmed", _("確認済")
    SENT_BACK = "sent_back", _("差し戻し")


class Proposal(models.Model):
    """What ``applications.life.proposals`` keeps of it. The application keeps its status meanwhile.

    ``version``: of the application that the proposal is about; once that has moved on, a proposal
    that still waits is out of date. ``said``: what the move asks, as JSON. ``note``: of the one
    who proposes, to the one who looks. ``answer``: why it was sent back.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="proposals",
        editable=False,
    )
    version = models.PositiveIntegerField(
        Application._meta.get_field("version").verbose_name, editable=False
    )
    move = models.CharField(_named("move"), max_length=40, editable=False)
    actor = EnumField(_named("actor"), max_length=16, enum=Actor, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("提案した職員"),
        editable=False,
    )
    said = models.JSONField(_("提案の内容"), default=dict, editable=False)
    note = ReasonColumn(_("申し送り"), max_length=1000, blank=True, editable=False)
    at = models.DateTimeField(_("提案日時"), editable=False)
    request_key = models.CharField(_named("request_key"), max_length=32, editable=False)
    state = EnumField(
        _("状態"),
        max_length=12,
        enum=ProposalState,
        default=ProposalState.WAITING,
        editable=False,
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("確認した職員"),
        null=True,
        editable=False,
    )
    decided_at = models.DateTimeField(_("確認日時"), null=True, editable=False)
    answer = ReasonColumn(_("差し戻しの理由"), max_length=1000, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("2人目の確認")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"],
                name="one_proposal_waits",
                condition=Q(state=ProposalState.WAITING),
            ),
            models.UniqueConstraint(
                fields=["application", "request_key"], name="one_proposal_per_request_key"
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(state=ProposalState.WAITING, decided_by=None, decided_at=None)
                | ~Q(state=ProposalState.WAITING)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_confirms_the_own_proposal",
                condition=~Q(state=ProposalState.CONFIRMED) | ~Q(decided_by=models.F("by")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["actor", "id"],
                name="proposals_waiting",
                condition=Q(state=ProposalState.WAITING),
            ),
        ]

    def __str__(self):
        return f"{self.application} {self.move}"

    @property
    def move_label(self):
        return MoveName(self.move).label
