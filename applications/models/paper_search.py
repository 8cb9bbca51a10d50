"""How far the search for a paper has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koss.ground.model_fields import rows_with


class PaperSearch(models.Model):
    """One per attachment that an outside system is asked for.

    ``hints``: masked 車台番号 that the system knows, where nothing matched. ``tries``: questions,
    ``asked_at``: the last one that was answered. ``next_at``: when it is asked again; None when
    it was found or given up.
    """

    attachment = models.OneToOneField(
        "applications.Attachment",
        models.CASCADE,
        verbose_name=_("添付書類"),
        related_name="search",
        editable=False,
    )
    number = models.CharField(_("書類の番号"), max_length=40, blank=True, editable=False)
    hints = models.JSONField(_("似た車台番号"), default=list, editable=False)
    tries = models.PositiveSmallIntegerField(_("照会回数"), default=0, editable=False)
    asked_at = models.DateTimeField(_("直近の照会日時"), null=True, editable=False)
    next_at = models.DateTimeField(_("次回の照会日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("添付書類の照会")
        indexes = [
            rows_with("next_at", name="papers_to_ask_for"),
        ]

    def __str__(self):
        return str(self.attachment)
