"""What belongs to an application's file: attachments, and what the authorities wrote to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import Section
from applications.models.reasons import STANDARD_REASONS
from applications.status import Actor, Procedure, Status
from koss.ground.fields import EnumField
from koss.ground.model_fields import ReasonColumn


class AttachmentKind(models.TextChoices):
    COMPLETION_CERTIFICATE = "completion_certificate", _("完成検査終了証兼譲渡証明書")
    LIABILITY_INSURANCE = "liability_insurance", _("自動車損害賠償責任保険（共済）証明書")
    SAFETY_CERTIFICATE = "safety_certificate", _("保安基準適合証")
    PLATE_RESERVATION = "plate_reservation", _("希望番号予約済証")


# The papers of each procedure in the order of the status page.
PAPERS = {
    Procedure.CONTINUED_INSPECTION: (
        AttachmentKind.LIABILITY_INSURANCE,
        AttachmentKind.SAFETY_CERTIFICATE,
    ),
    Procedure.NEW_VEHICLE: (
        AttachmentKind.COMPLETION_CERTIFICATE,
        AttachmentKind.LIABILITY_INSURANCE,
        AttachmentKind.PLATE_RESERVATION,
    ),
}


class AttachmentState(models.TextChoices):
    MISSING = "missing", _("未取得")
    OBTAINED = "obtained", _("取得済")
    NOT_NEEDED = "not_needed", _("不要")


class NoticeKind(models.TextChoices):
    CORRECTION = "correction", _("補正")
    WITHDRAWAL = "withdrawal", pgettext_lazy("notice", "取り下げ")
    INVALID = "invalid", _("無効")
    REJECTED = "rejected", _("却下")
    NOT_ACCEPTED = "not_accepted", Status.NOT_ACCEPTED.label
    ANNOUNCEMENT = "announcement", pgettext_lazy("notice", "お知らせ")


class Agency(models.TextChoices):
    INSPECTION_OFFICE = "inspection_office", _("軽自動車検査協会事務所等")
    TAX_OFFICE = "tax_office", Actor.TAX_OFFICE.label


class Attachment(models.Model):
    """A paper that outside systems hold, and whether it has arrived."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="attachments",
        editable=False,
    )
    kind = EnumField(_("添付書類"), max_length=24, enum=AttachmentKind, editable=False)
    state = EnumField(
        _("取得状況"),
        max_length=12,
        enum=AttachmentState,
        default=AttachmentState.MISSING,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("添付書類")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="one_attachment_per_kind"),
        ]

    def __str__(self):
        return self.get_kind_display()


class NoticeQuerySet(models.QuerySet):
    def open_corrections(self):
        """Orders that the applicant has not answered yet."""
        return self.filter(kind=NoticeKind.CORRECTION, answered_at=None)


class Notice(models.Model):
    """What an authority told the applicant, or how a withdrawal ended.

    ``reason``: why, in the words of the member of staff; else ``standard_reason`` says it.
    ``fields``, ``attachments``: names of the application's fields and kinds of attachment that a
    correction order opens. ``answers``: field name → [before, after], once the correction was sent.
    ``proposal``: field name → what the applicant has filled in and not sent yet;
    ``proposal_version`` grows with every change of it and of its files.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="notices",
        editable=False,
    )
    kind = EnumField(Section.NOTICES, max_length=12, enum=NoticeKind, editable=False)
    agency = EnumField(_("行政機関等名"), max_length=20, enum=Agency, editable=False)
    deadline = models.DateField(_("期限日"), null=True, blank=True, editable=False)
    reason = ReasonColumn(_("理由"), blank=True, editable=False)
    standard_reason = EnumField(
        _("定型の理由"), max_length=24, choices=STANDARD_REASONS, blank=True, editable=False
    )
    fields = models.JSONField(_("補正項目"), default=list, editable=False)
    attachments = models.JSONField(_("補正する添付書類"), default=list, editable=False)
    at = models.DateTimeField(_("通知日時"), editable=False)
    by = models.CharField(_("担当者"), max_length=150, blank=True, editable=False)
    answered_at = models.DateTimeField(_("補正日時"), null=True, blank=True, editable=False)
    answers = models.JSONField(_("補正内容"), default=dict, editable=False)
    proposal = models.JSONField(_("送信前の補正内容"), default=dict, editable=False)
    proposal_version = models.PositiveIntegerField(
        _("送信前の補正内容の更新回数"), default=0, editable=False
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-pk"]

    def __str__(self):
        return self.get_kind_display()

    @property
    def reason_in_words(self):
        """Why, as a reader sees it."""
        return self.reason or self.get_standard_reason_display()
