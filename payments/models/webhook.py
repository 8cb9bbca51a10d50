"""Where a 一括利用者 wants to be told of changes, and what was sent there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koss.ground.fields import EnumField
from koss.ground.model_fields import LineColumn
from payments.labels import Screen


class WebhookState(models.TextChoices):
    ACTIVE = "active", _("稼働中")
    PAUSED = "paused", _("一時停止中")
    DISABLED = "disabled", _("停止")


class WebhookEnd(models.TextChoices):
    """Why the portal sends no more to an address."""

    GONE = "gone", _("通知先が410（Gone）を返した")
    FAILED = "failed", _("最後の再送まで届かなかった")
    PASSWORD_RESET = "reset", Screen.BULK_PASSWORD_RESET


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("これから送る")
    DELIVERED = "delivered", _("届いた")
    FAILED = "failed", _("届かなかった")


class DeliveryFault(models.TextChoices):
    """Why a try did not arrive."""

    NAME = "name", _("名前からアドレスを調べられない")
    ADDRESS = "address", _("インターネットに公開されていないアドレス")
    CONNECTION = "connection", _("接続できない")
    TLS = "tls", _("TLSの証明書を確かめられない")
    TIME = "time", _("時間内に応答がない")
    ANSWER = "answer", _("応答を読めない")
    REDIRECT = "redirect", _("別のアドレスへ転送された")
    STATUS = "status", _("成功ではない応答")
    GONE = "gone", _("受け取りを終えた")
    SECRET = "secret", _("署名の鍵を開けない")


class Webhook(models.Model):
    """One address of a 一括利用者ID. ``reference`` names it in addresses and in the interface.

    ``sealed``: the secret, sealed with ``salt`` (``koss.hooks.signing``); ``sealed_before``: the
    one before, which signs too until a day after ``rotated_at``. ``told``: the number of the newest
    event for which there is a delivery, or which is left out. ``busy_until``: until then one worker
    has it to itself; ``rests_until``: until then it is left alone after ``failures`` failed tries
    in a row. ``request_key``: of the press that made it or changed its secret last.
    """

    user = models.ForeignKey(
        "payments.PaymentUser",
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="webhooks",
        editable=False,
    )
    reference = models.CharField(_("参照番号"), max_length=32, editable=False)
    name = LineColumn(_("名前"), max_length=60, editable=False)
    address = models.CharField(_("通知先のアドレス"), max_length=500, editable=False)
    state = EnumField(
        _("状態"),
        max_length=8,
        enum=WebhookState,
        default=WebhookState.ACTIVE,
        editable=False,
    )
    end = EnumField(_("停止の理由"), max_length=8, enum=WebhookEnd, blank=True, editable=False)
    state_at = models.DateTimeField(_("状態が変わった日時"), editable=False)
    salt = models.BinaryField(_("鍵の素"), max_length=16, editable=False)
    sealed = models.BinaryField(_("署名の鍵"), max_length=500, editable=False)
    sealed_before = models.BinaryField(
        _("切り替え前の署名の鍵"), max_length=500, default=b"", editable=False
    )
    rotated_at = models.DateTimeField(_("鍵を切り替えた日時"), null=True, editable=False)
    made_at = models.DateTimeField(_("登録日時"), editable=False)
    told = models.PositiveBigIntegerField(_("送信に回した通し番号"), default=0, editable=False)
    busy_until = models.DateTimeField(_("送信の占有の期限"), editable=False)
    rests_until = models.DateTimeField(_("送信を控える期限"), editable=False)
    failures = models.PositiveIntegerField(_("続けて届かなかった回数"), default=0, editable=False)
    delivered_at = models.DateTimeField(_("最後に届いた日時"), null=True, editable=False)
    request_key = models.CharField(_("操作の識別子"), max_length=32, null=True, editable=False)  # noqa: DJ001 - None: made without a form

    class Meta:
        verbose_name = verbose_name_plural = Screen.WEBHOOKS
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_webhook_per_reference"),
            models.UniqueConstraint(fields=["user", "address"], name="one_webhook_per_address"),
            models.UniqueConstraint(
                fields=["user", "request_key"],
                name="one_webhook_per_request_key",
                condition=Q(request_key__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_is_disabled_for_a_reason",
                condition=(Q(state="disabled") & ~Q(end="")) | (~Q(state="disabled") & Q(end="")),
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.name}"


class WebhookDelivery(models.Model):
    """One message to one webhook, and its newest try.

    ``event`` is None for a test. ``reference`` becomes ``webhook-id``, the same in every try.
    ``tries``: how many of the schedule are done. ``due_at``: the next one, while it waits.
    ``finished_at``: when it arrived or was given up first; what is sent again after that is tried
    once. ``headers``, ``code``, ``answer``, ``fault``: of the newest try, at ``sent_at``.
    """

    webhook = models.ForeignKey(
        Webhook,
        models.CASCADE,
        verbose_name=Screen.WEBHOOKS,
        related_name="deliveries",
        db_index=False,  # deliveries_of_webhook begins with it
        editable=False,
    )
    event = models.ForeignKey(
        "applications.ApplicationEvent",
        models.PROTECT,
        verbose_name=_("変更の内容"),
        related_name="deliveries",
        null=True,
        editable=False,
    )
    reference = models.CharField(_("通知の番号"), max_length=32, editable=False)
    state = EnumField(
        _("送信の状況"),
        max_length=9,
        enum=DeliveryState,
        default=DeliveryState.WAITING,
        editable=False,
    )
    tries = models.PositiveSmallIntegerField(_("試した回数"), default=0, editable=False)
    made_at = models.DateTimeField(_("作成日時"), editable=False)
    due_at = models.DateTimeField(_("次の送信"), null=True, editable=False)
    sent_at = models.DateTimeField(_("最後の送信"), null=True, editable=False)
    finished_at = models.DateTimeField(_("終わった日時"), null=True, editable=False)
    headers = models.JSONField(_("要求のヘッダー"), default=dict, editable=False)
    code = models.PositiveSmallIntegerField(_("応答の状態"), null=True, editable=False)
    answer = models.TextField(_("応答の先頭"), blank=True, max_length=1000, editable=False)
    fault = EnumField(
        _("届かなかった理由"), max_length=10, enum=DeliveryFault, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("通知の送信")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_delivery_per_reference"),
            models.UniqueConstraint(
                fields=["webhook", "event"], name="one_delivery_per_event_and_webhook"
            ),
            models.CheckConstraint(
                name="delivery_waits_for_a_moment",
                condition=(Q(state="waiting") & Q(due_at__isnull=False))
                | (~Q(state="waiting") & Q(due_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="deliveries_of_webhook"),
            models.Index(fields=["made_at"], name="deliveries_by_age"),
            models.Index(
                fields=["webhook", "due_at"],
                name="deliveries_due",
                condition=Q(due_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.reference
