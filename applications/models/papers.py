"""What belongs to an application's file: attachments, and what the authorities wrote to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.labels import Section, Withdrawal
from applications.status import Actor, Status
from koss import labels as frame


class AttachmentKind(models.TextChoices):
    COMPLETION_CERTIFICATE = "completion_certificate", _("完成検査終了証兼譲渡証明書")
    LIABILITY_INSURANCE = "liability_insurance", _("自動車損害賠償責任保険（共済）証明書")
    SAFETY_CERTIFICATE = "safety_certificate", _("保安基準適合証")
    PLATE_RESERVATION = "plate_reservation", _("希望番号予約済証")


class AttachmentState(models.TextChoices):
    MISSING = "missing", _("未取得")
    OBTAINED = "obtained", _("取得済")
    NOT_NEEDED = "not_needed", _("不要")


class NoticeKind(models.TextChoices):
    CORRECTION = "correction", _("補正")
    WITHDRAWAL = "withdrawal", Withdrawal.SHORT
    INVALID = "invalid", _("無効")
    REJECTED = "rejected", _("却下")
    NOT_ACCEPTED = "not_accepted", Status.NOT_ACCEPTED.label
    ANNOUNCEMENT = "announcement", frame.Section.ANNOUNCEMENT


class Agency(models.TextChoices):
    INSPECTION_OFFICE = "inspection_office", _("軽自動車検査協会事務所等")
    TAX_OFFICE = "tax_office", Actor.TAX_OFFICE.label


def attachment_kinds():
    return AttachmentKind.choices


def attachment_states():
    return AttachmentState.choices


def notice_kinds():
    return NoticeKind.choices


def agencies():
    return Agency.choices


class Attachment(models.Model):
    """A paper that outside systems hold, and whether it has arrived."""

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="attachments",
        editable=False,
    )
    kind = models.CharField(_("添付書類"), max_length=24, choices=attachment_kinds, editable=False)
    state = models.CharField(
        _("取得状況"),
        max_length=12,
        choices=attachment_states,
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

    ``fields``: names of the application's fields that a correction order opens.
    ``answers``: field name → [before, after], once the correction was sent.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="notices",
        editable=False,
    )
    kind = models.CharField(Section.NOTICES, max_length=12, choices=notice_kinds, editable=False)
    agency = models.CharField(_("行政機関等名"), max_length=20, choices=agencies, editable=False)
    deadline = models.DateField(_("期限日"), null=True, blank=True, editable=False)
    reason = models.TextField(_("理由"), blank=True, editable=False)
    fields = models.JSONField(_("補正項目"), default=list, editable=False)
    at = models.DateTimeField(_("通知日時"), editable=False)
    by = models.CharField(_("担当者"), max_length=150, blank=True, editable=False)
    answered_at = models.DateTimeField(_("補正日時"), null=True, blank=True, editable=False)
    answers = models.JSONField(_("補正内容"), default=dict, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-pk"]

    def __str__(self):
        return self.get_kind_display()
