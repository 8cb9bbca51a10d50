"""Payment users: who pays in batches or by direct debit, and what they did."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field as ApplicationField
from koss.ground.fields import EnumField
from koss.ground.model_fields import KanaColumn, MailColumn, NameColumn, ReasonLineColumn
from koss.ground.name_search import Named, NamesColumn
from koss.labels import Word
from payments.labels import Field, Screen

# 【画面申請】まとめ納付管理ファイルの取得手順, 2: a password is valid for this long.
PASSWORD_VALID = timedelta(days=60)


class EventKind(models.TextChoices):
    ISSUED = "issued", Screen.ISSUE
    PAYMENT_LOGIN = "payment_login", Screen.PAYMENT_LOGIN
    MY_PAGE_LOGIN = "my_page_login", Screen.MY_PAGE_LOGIN
    LOGIN_FAILED = "login_failed", _("ログイン失敗")
    LOCKED = "locked", _("パスワードのロック")
    STAFF_LOCKED = "staff_locked", _("職員によるロック")
    STAFF_UNLOCKED = "staff_unlocked", _("職員によるロックの解除")
    PASSWORD_CHANGED = "password_changed", Screen.PASSWORD_CHANGE
    RESET_SENT = "reset_sent", _("パスワード初期化の受付")
    RESET_DONE = "reset_done", Screen.PASSWORD_RESET
    BULK_RESET = "bulk_reset", Screen.BULK_PASSWORD_RESET
    DETAILS_CHANGED = "details_changed", Screen.USER_CHANGE
    CREDENTIAL_MADE = "credential_made", Screen.NEW_CREDENTIAL
    CREDENTIAL_ROTATED = "credential_rotated", _("APIキーの切り替え")
    CREDENTIAL_REVOKED = "credential_revoked", _("APIキーの取り消し")
    WEBHOOK_MADE = "webhook_made", Screen.NEW_WEBHOOK
    WEBHOOK_ROTATED = "webhook_rotated", _("通知先の鍵の切り替え")
    WEBHOOK_DELETED = "webhook_deleted", _("通知先の削除")
    ACCOUNT_MADE = "account_made", _("ダイレクト納付口座新規作成")
    FILE_TAKEN = "file_taken", _("まとめ納付管理ファイルの取得")


class PaymentUser(Named):
    """One 納付利用者. Its passwords are kept encoded only; IDs never change.

    ``version`` grows with every new password: sessions of an older one are over.
    """

    user_id = models.CharField(Field.USER_ID, max_length=8, editable=False)
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, blank=True, editable=False)
    password = models.CharField(Field.USER_PASSWORD, max_length=200, editable=False)
    password_set_at = models.DateTimeField(_("パスワード設定日時"), editable=False)
    bulk_password = models.CharField(
        _("一括利用者パスワード"), max_length=200, blank=True, editable=False
    )
    version = models.PositiveIntegerField(_("更新回数"), default=0, editable=False)
    name_kana = KanaColumn(Field.NAME_KANA, max_length=100)
    name = NameColumn(Field.NAME, max_length=100)
    representative = NameColumn(Field.REPRESENTATIVE, max_length=100, blank=True)
    names = NamesColumn(["name", "name_kana", "representative"])
    admin_email = MailColumn(Field.ADMIN_EMAIL)
    status_email = MailColumn(ApplicationField.STATUS_EMAIL)
    language = models.CharField(Word.LANGUAGE, max_length=10, default="ja", editable=False)
    issued_at = models.DateTimeField(_("利用者ID発行日時"), editable=False)
    updated_at = models.DateTimeField(Field.UPDATED_AT, editable=False)
    staff_locked_at = models.DateTimeField(_("職員によるロックの日時"), null=True, editable=False)
    request_key = models.CharField(_("操作の識別子"), max_length=32, null=True, editable=False)  # noqa: DJ001 - None: made without a form

    class Meta:
        verbose_name = verbose_name_plural = _("納付利用者")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user_id"], name="one_user_per_payment_user_id"),
            models.UniqueConstraint(
                fields=["bulk_id"], name="one_user_per_bulk_id", condition=~Q(bulk_id="")
            ),
            models.UniqueConstraint(
                fields=["request_key"],
                name="one_user_per_request_key",
                condition=Q(request_key__isnull=False),
            ),
        ]

    def __str__(self):
        return self.user_id

    def password_expires_at(self):
        """The moment from which on the password only leads to パスワード変更."""
        return self.password_set_at + PASSWORD_VALID


class PasswordReset(models.Model):
    """A link, mailed to 利用者管理用メールアドレス, with which a password is set once."""

    user = models.ForeignKey(
        PaymentUser,
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="resets",
        editable=False,
    )
    digest = models.CharField(_("照合値"), max_length=64, editable=False)
    made_at = models.DateTimeField(_("受付日時"), editable=False)
    expires_at = models.DateTimeField(_("有効期限"), editable=False)
    used_at = models.DateTimeField(_("使用日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Screen.PASSWORD_RESET
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="one_reset_per_link"),
        ]

    def __str__(self):
        return f"{self.user} {self.made_at:%Y-%m-%d %H:%M}"


class UserEvent(models.Model):
    """What happened to a payment user's access: the login history, for user and staff alike.

    ``by``: the member of staff, "" when it was the user, and ``reason`` why, for staff only.
    ``source``: the address it came from.
    """

    user = models.ForeignKey(
        PaymentUser,
        models.CASCADE,
        verbose_name=_("納付利用者"),
        related_name="events",
        editable=False,
    )
    kind = EnumField(_("内容"), max_length=20, enum=EventKind, editable=False)
    at = models.DateTimeField(_("日時"), editable=False)
    by = models.CharField(_("職員"), max_length=150, blank=True, editable=False)
    reason = ReasonLineColumn(_("理由"), max_length=1000, blank=True, editable=False)
    source = models.CharField(_("接続元"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = Screen.LOGIN_HISTORY
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="events_of_user"),
            models.Index(
                fields=["source", "at"], name="issues_by_source", condition=Q(kind="issued")
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_kind_display()}"
