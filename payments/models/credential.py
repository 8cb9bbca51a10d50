"""What a program of a 一括利用者 shows instead of a password."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss.ground.fields import EnumField
from koss.ground.joining import listed
from koss.ground.model_fields import LineColumn
from payments.labels import Screen


class Scope(models.TextChoices):
    """What a credential may be used for."""

    READ = "read", _("申請の状況を読む")
    SUBMIT = "submit", _("申請を送る・取り下げる")
    PAY = "pay", _("納付番号を取得する")
    WEBHOOKS = "webhooks", _("通知先を登録する・削除する")
    SANDBOX = "sandbox", _("デモの時計、職員、金融機関を動かす")

    @classmethod
    def offered(cls):
        """(code, words) of those that a key can be made with: ``SANDBOX`` in the demo alone."""
        return [each for each in cls.choices if settings.DEMO or each[0] != cls.SANDBOX]


class CredentialEnd(models.TextChoices):
    """Why a credential is good no longer."""

    REVOKED = "revoked", _("取り消し")
    ROTATED = "rotated", _("新しいAPIキーへの切り替え")
    PASSWORD_RESET = "password_reset", Screen.BULK_PASSWORD_RESET


class CredentialQuerySet(models.QuerySet):
    def good_at(self, now):
        """Those that open something at ``now``."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now))


class Credential(models.Model):
    """One API key of one 一括利用者ID. The key itself is shown once and never kept.

    ``digest``: SHA-256 of the key, which is 256 random bits, so that nobody can try them out.
    ``hint``: its first characters, by which its owner knows it. ``scopes``: codes of ``Scope``.
    ``ends_at``: from when on it opens nothing; with ``end`` that is why. ``used_at``: written at
    most once a minute. ``window``, ``requests``: how many requests came in the minute that began
    then, by the machine's own time.
    """

    user = models.ForeignKey(
        "payments.PaymentUser",
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="credentials",
        editable=False,
    )
    name = LineColumn(_("名前"), max_length=60, editable=False)
    scopes = models.JSONField(_("できること"), default=list, editable=False)
    hint = models.CharField(_("先頭の文字"), max_length=12, editable=False)
    digest = models.CharField(_("照合値"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("作成日時"), editable=False)
    ends_at = models.DateTimeField(_("有効期限"), null=True, editable=False)
    end = EnumField(
        _("無効になる理由"), max_length=16, enum=CredentialEnd, blank=True, editable=False
    )
    used_at = models.DateTimeField(_("最後の使用日時"), null=True, editable=False)
    window = models.DateTimeField(_("数えている1分間の始まり"), null=True, editable=False)
    requests = models.PositiveIntegerField(_("その1分間の要求の数"), default=0, editable=False)
    request_key = models.CharField(_("操作の識別子"), max_length=32, null=True, editable=False)  # noqa: DJ001 - None: made without a form

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = Screen.CREDENTIALS
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="one_credential_per_key"),
            models.UniqueConstraint(
                fields=["user", "request_key"],
                name="one_credential_per_request_key",
                condition=Q(request_key__isnull=False),
            ),
            models.CheckConstraint(
                name="credential_ends_for_a_reason",
                condition=Q(ends_at=None, end="") | (Q(ends_at__isnull=False) & ~Q(end="")),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.hint}…"

    @property
    def scopes_in_words(self):
        """What it may be used for, as people read it."""
        return listed(scope.label for scope in Scope if scope in self.scopes)


class RememberedRequest(models.Model):
    """One request with an ``Idempotency-Key``, and what was answered to it.

    ``digest``: SHA-256 of what was asked, byte for byte. ``code``: HTTP status of the
    answer, None while it is worked on, or where that was cut off; then the same request works.
    """

    credential = models.ForeignKey(
        Credential,
        models.CASCADE,
        verbose_name=Credential._meta.verbose_name,
        related_name="requests_made",
        editable=False,
    )
    key = models.CharField(_("冪等キー"), max_length=255, editable=False)
    digest = models.CharField(_("照合値"), max_length=64, editable=False)
    at = models.DateTimeField(_("受信日時"), editable=False)
    code = models.PositiveSmallIntegerField(_("応答の状態"), null=True, editable=False)
    answer = models.JSONField(_("応答"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("冪等キーのある要求")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["credential", "key"], name="one_request_per_key"),
        ]
        indexes = [models.Index(fields=["at"], name="remembered_by_age")]

    def __str__(self):
        return self.key
