"""What a bulk user's system sends: sets of applications, and the files that belong to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field
from applications.status import Actor, Procedure, Status
from koss.ground.fields import EnumField


class ItemState(models.TextChoices):
    """How it stands with one row of a set."""

    WAITING = "waiting", _("処理待ち")
    TAKEN_IN = "taken_in", Actor.INTAKE.label
    NOT_ACCEPTED = "not_accepted", Status.NOT_ACCEPTED.label
    FAULTY = "faulty", _("誤りあり")


class Submission(models.Model):
    """One set, under one 送信番号. ``salt``: what the key of its sealed rows is derived from."""

    number = models.CharField(_("送信番号"), max_length=18, editable=False)
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, editable=False)
    payer = models.CharField(Field.PAYER, max_length=8, editable=False)
    salt = models.BinaryField(_("鍵の素"), editable=False)
    total = models.PositiveIntegerField(_("件数"), editable=False)
    received_at = models.DateTimeField(_("受信日時"), editable=False)
    # By the machine's own time, since when nobody needs to look at it again.
    worked_at = models.DateTimeField(_("最後に処理した日時"), null=True, editable=False)
    finished_at = models.DateTimeField(_("処理完了日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請の送信")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_submission_per_number"),
        ]
        indexes = [
            models.Index(fields=["bulk_id", "-id"], name="submissions_of_bulk_id"),
            models.Index(
                fields=["id"], name="submissions_unfinished", condition=Q(finished_at=None)
            ),
        ]

    def __str__(self):
        return self.number


class SubmissionItem(models.Model):
    """One row of a set. ``place`` counts from 0.

    ``reference``: 整理番号, the sender's own number; one application comes of it, however often it
    is sent. ``sealed``: the row as it came, encrypted, until it was worked on. ``faults``: the
    report on it, in both languages, as it was made then.
    """

    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        verbose_name=Submission._meta.verbose_name,
        related_name="items",
        editable=False,
    )
    place = models.PositiveIntegerField(_("行"), editable=False)
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, editable=False)
    reference = models.CharField(_("整理番号"), max_length=64, editable=False)
    procedure = EnumField(_("手続種別"), max_length=24, enum=Procedure, editable=False)
    state = EnumField(
        _("処理状況"),
        max_length=12,
        enum=ItemState,
        default=ItemState.WAITING,
        editable=False,
    )
    sealed = models.BinaryField(_("暗号化した入力内容"), editable=False)
    faults = models.JSONField(_("誤りの内容"), default=list, editable=False)
    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="item",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請の行")
        ordering = ["submission", "place"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "place"], name="one_item_per_place"),
            models.UniqueConstraint(
                fields=["bulk_id", "reference"],
                name="one_application_per_reference",
                condition=Q(state=ItemState.TAKEN_IN),
            ),
        ]

    def __str__(self):
        return self.reference


class HeldFile(models.Model):
    """A file that was handed in before the applications that name it by ``digest``.

    ``key``: its name in the storage. Every application gets a copy of its own.
    """

    key = models.CharField(_("識別キー"), max_length=32, editable=False)
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, editable=False)
    name = models.CharField(_("ファイル名"), max_length=100, editable=False)
    media_type = models.CharField(_("種類"), max_length=40, editable=False)
    size = models.PositiveIntegerField(_("バイト数"), editable=False)
    digest = models.CharField(_("ハッシュ値（SHA-256）"), max_length=64, editable=False)
    at = models.DateTimeField(_("受付日時"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("一括申請の添付ファイル")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_held_file_per_key"),
            models.UniqueConstraint(fields=["bulk_id", "digest"], name="one_held_file_per_digest"),
        ]
        indexes = [models.Index(fields=["at"], name="held_files_by_age")]

    def __str__(self):
        return self.name
