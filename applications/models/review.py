"""Who has an application open to decide on it, so that two do not do the same."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """An advisory mark that ends by itself: ``applications.staff.reviews`` takes and reads it.

    It hinders nobody: what may be done with an application is judged by the table of moves alone.
    """

    application = models.OneToOneField(
        "applications.Application",
        models.CASCADE,
        verbose_name=_("申請"),
        related_name="review",
        editable=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("審査している職員"),
        editable=False,
    )
    since = models.DateTimeField(_("開始日時"), editable=False)
    until = models.DateTimeField(_("終了予定日時"), editable=False, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("審査中の申請")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.application}"
