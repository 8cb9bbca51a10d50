"""The electronic signatures under an application, and what authorities said of the certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.signature_words import (
    CertificateKind,
    Match,
    Revocation,
    SignatureRefusal,
)
from koss.ground.fields import EnumField


class RevocationAnswer(models.Model):
    """One CRL or OCSP answer, byte for byte; a CRL that many signatures used stands here once."""

    digest = models.CharField(_("要約値（SHA-256）"), max_length=64, editable=False)
    source = models.CharField(_("照会先"), max_length=500, editable=False)
    body = models.BinaryField(_("回答"), editable=False)
    fetched_at = models.DateTimeField(_("取得日時"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("失効情報")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="one_row_per_revocation_answer"),
        ]

    def __str__(self):
        return self.source


class Signature(models.Model):
    """One signature under one version of an application, good or refused; the newest counts.

    ``content``: the canonical description that was signed. ``cms``: the detached signature as it
    came. The certificate's facts are blank when it could not be read. ``refusal``: blank when the
    signature is good.
    """

    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="signatures",
        editable=False,
    )
    made_at = models.DateTimeField(_("署名の受付日時"), editable=False)
    content = models.BinaryField(_("署名対象"), editable=False)
    cms = models.BinaryField(_("電子署名"), editable=False)
    refusal = EnumField(
        _("署名検証の結果"), max_length=24, enum=SignatureRefusal, blank=True, editable=False
    )
    match = EnumField(_("申請者名との照合"), max_length=12, enum=Match, blank=True, editable=False)

    kind = EnumField(
        _("電子証明書の種類"), max_length=12, enum=CertificateKind, blank=True, editable=False
    )
    practice = models.BooleanField(_("練習用"), default=False, editable=False)
    name = models.CharField(_("証明書の氏名"), max_length=200, blank=True, editable=False)
    organisation = models.CharField(_("証明書の組織名"), max_length=200, blank=True, editable=False)
    # Positions in ``name``, from 0.
    substituted = models.JSONField(_("代替文字の位置"), default=list, editable=False)
    serial = models.CharField(_("シリアル番号"), max_length=64, blank=True, editable=False)
    issuer = models.CharField(_("発行者"), max_length=500, blank=True, editable=False)
    not_before = models.DateTimeField(_("有効期間の開始"), null=True, editable=False)
    not_after = models.DateTimeField(_("有効期間の終了"), null=True, editable=False)
    fingerprint = models.CharField(_("証明書のSHA-256"), max_length=64, blank=True, editable=False)
    signed_at = models.DateTimeField(_("署名者の申告による署名日時"), null=True, editable=False)

    revocation = EnumField(
        _("失効の確認"), max_length=12, enum=Revocation, blank=True, editable=False
    )
    revocation_tries = models.PositiveSmallIntegerField(_("照会の回数"), default=0, editable=False)
    evidence = models.ManyToManyField(
        RevocationAnswer, verbose_name=_("失効情報"), related_name="signatures", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("電子署名")
        ordering = ["-pk"]

    def __str__(self):
        return self.get_refusal_display() or self.fingerprint
