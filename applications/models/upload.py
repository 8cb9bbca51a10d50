"""A file that an applicant handed in with an application."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.papers import AttachmentKind
from koss.ground.fields import EnumField


class UploadQuerySet(models.QuerySet):
    def sent(self):
        """Without those of a correction that was not sent."""
        return self.filter(Q(order=None) | Q(order__answered_at__isnull=False))

    def standing(self):
        """What counts now: sent, and nothing has come in its place."""
        return self.sent().filter(retired_at=None)


class Upload(models.Model):
    """``key``: its random name in addresses and in the storage. ``digest``: SHA-256 of the file;
    ``preview_digest``: of the picture of its first page.

    It belongs to a draft until this is sent, then to the application. ``order``: the correction
    order that it answers; it counts once that answer was sent. ``retired_at``: since when a
    correction has put another one in its place.
    """

    key = models.CharField(_("識別キー"), max_length=32, editable=False)
    draft = models.ForeignKey(
        "applications.Draft",
        models.CASCADE,
        verbose_name=_("準備中の申請"),
        related_name="uploads",
        null=True,
        editable=False,
    )
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="uploads",
        null=True,
        editable=False,
    )
    order = models.ForeignKey(
        "applications.Notice",
        models.PROTECT,
        verbose_name=_("補正の指示"),
        related_name="uploads",
        null=True,
        editable=False,
    )
    kind = EnumField(_("添付書類"), max_length=24, enum=AttachmentKind, editable=False)
    name = models.CharField(_("ファイル名"), max_length=100, editable=False)
    media_type = models.CharField(_("種類"), max_length=40, editable=False)
    size = models.PositiveIntegerField(_("バイト数"), editable=False)
    digest = models.CharField(_("ハッシュ値（SHA-256）"), max_length=64, editable=False)
    preview_digest = models.CharField(
        _("1ページ目の画像のハッシュ値（SHA-256）"), max_length=64, blank=True, editable=False
    )
    at = models.DateTimeField(_("受付日時"), editable=False)
    retired_at = models.DateTimeField(_("差し替え日時"), null=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("添付ファイル")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_upload_per_key"),
            models.CheckConstraint(
                name="upload_belongs_to_one",
                condition=Q(draft=None, application__isnull=False)
                | Q(draft__isnull=False, application=None),
            ),
        ]

    def __str__(self):
        return self.name
