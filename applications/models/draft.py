"""What is kept of an application on screen before it is sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.labels import Field
from applications.status import Procedure
from koss.ground.fields import EnumField


class Draft(models.Model):
    """An application that is being prepared (手続準備).

    ``sealed``: the answers, encrypted; ``salt``: what the key of this draft is derived from, beside
    the portal's secret. ``password``: hashed, and later that of the application. ``application``:
    what it has become; then nothing is sealed any more. ``version`` grows with every answer.
    """

    number = models.CharField(_("手続準備番号"), max_length=12, editable=False)
    procedure = EnumField(_("手続種別"), max_length=24, enum=Procedure, editable=False)
    password = models.CharField(Field.APPLICATION_PASSWORD, max_length=200, editable=False)
    salt = models.BinaryField(_("鍵の素"), editable=False)
    sealed = models.BinaryField(_("暗号化した入力内容"), editable=False)
    version = models.PositiveIntegerField(_("更新回数"), default=0, editable=False)
    begun_at = models.DateTimeField(_("作成日時"), editable=False)
    changed_at = models.DateTimeField(_("更新日時"), editable=False)
    expires_at = models.DateTimeField(_("保存期限"), editable=False)
    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="draft",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("準備中の申請")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_draft_per_number"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="drafts_by_end")]

    def __str__(self):
        return self.number
