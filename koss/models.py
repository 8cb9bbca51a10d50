"""Rows that belong to no single application area: mail, news, the night, locks, the demo clock."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koss.labels import Section


class MailState(models.TextChoices):
    QUEUED = "queued", _("送信待ち")
    SENDING = "sending", _("送信中")
    SENT = "sent", _("送信済")
    DEAD = "dead", _("送信不能")


def mail_states():
    return MailState.choices


class OutgoingMail(models.Model):
    """One mail for one address, written in the transaction of what it tells about."""

    key = models.CharField(_("識別キー"), max_length=400, editable=False)
    template = models.CharField(_("種類"), max_length=40, editable=False)
    to = models.EmailField(_("宛先"), max_length=254, editable=False)
    receipt_number = models.CharField(_("受付番号"), max_length=17, blank=True, editable=False)
    facts = models.JSONField(_("記載事項"), default=dict, editable=False)
    subject = models.CharField(_("件名"), max_length=200, blank=True, editable=False)
    body = models.TextField(_("本文"), blank=True, editable=False)
    state = models.CharField(
        _("状態"),
        max_length=10,
        choices=mail_states,
        default=MailState.QUEUED,
        editable=False,
    )
    tries = models.PositiveSmallIntegerField(_("送信回数"), default=0, editable=False)
    last_error = models.TextField(_("直近のエラー"), blank=True, editable=False)
    created_at = models.DateTimeField(_("作成日時"), editable=False)
    due_at = models.DateTimeField(_("次回送信日時"), editable=False)
    sent_at = models.DateTimeField(_("送信日時"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("送信メール")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_mail_per_event_and_address"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="mail_to_send",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["receipt_number"], name="mail_by_receipt_number"),
        ]

    def __str__(self):
        return f"{self.template} {self.to}"

    @property
    def message_id(self):
        """The same for every try and for no other mail, also after a database was made anew."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
        return f"<{hashlib.sha256(self.key.encode()).hexdigest()[:40]}@{domain}>"


class NewsQuerySet(models.QuerySet):
    def published(self, *, now):
        """What readers may see at ``now``, newest first."""
        return self.filter(published_at__lte=now).order_by("-published_at", "-pk")


class News(models.Model):
    """お知らせ, written by staff."""

    title = models.CharField(_("件名"), max_length=100)
    body = models.TextField(_("本文"))
    published_at = models.DateTimeField(_("公開日時"))

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = Section.ANNOUNCEMENT
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["-published_at", "-id"], name="news_newest_first")]

    def __str__(self):
        return self.title


class NightRun(models.Model):
    """What one run of the night did. ``counts``: title of the step → number of rows."""

    business_date = models.DateField(_("業務日"), editable=False)
    started_at = models.DateTimeField(_("開始日時"), editable=False)
    finished_at = models.DateTimeField(_("終了日時"), null=True, editable=False)
    counts = models.JSONField(_("処理件数"), default=dict, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("夜間処理の記録")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.business_date}"


class PasswordLock(models.Model):
    """How often a password was tried in vain for one typed number or one ID.

    ``subject`` is a keyed hash: the row says nothing about whether such a number exists.
    ``owner``: of a browser's own counter, the subject of the general one; "" in that one itself.
    """

    subject = models.CharField(_("対象"), max_length=64, editable=False)
    owner = models.CharField(_("共通の対象"), max_length=64, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("連続失敗回数"), default=0, editable=False)
    tried_at = models.DateTimeField(_("最終試行日時"), editable=False)
    locked_at = models.DateTimeField(_("ロック日時"), null=True, editable=False)
    source = models.CharField(_("最終試行元"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("パスワードロック")
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="one_lock_per_subject"),
        ]
        indexes = [
            models.Index(
                fields=["source", "locked_at"],
                name="locks_by_source",
                condition=models.Q(locked_at__isnull=False),
            ),
            models.Index(
                fields=["owner"],
                name="locks_of_browsers",
                condition=~models.Q(owner=""),
            ),
        ]

    def __str__(self):
        return self.subject[:12]


class DemoClock(models.Model):
    """How far the demo's clock runs ahead. At most one row, read in demo mode only."""

    ahead = models.DurationField(_("進めた時間"), default=timedelta, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("デモ用時計")

    def __str__(self):
        return str(self.ahead)

    @classmethod
    def offset(cls):
        """The offset to add to the machine's time."""
        return cls.objects.values_list("ahead", flat=True).first() or timedelta()


class DemoAccount(models.Model):
    """One application of the demo world. A database that holds any is a demo's, for good.

    ``needs_login``: it shows something about the login itself, so it is not opened by a button.
    """

    receipt_number = models.CharField(_("受付番号"), max_length=17, editable=False)
    shows = models.CharField(_("見られるもの"), max_length=200, editable=False)
    needs_login = models.BooleanField(_("ログインから試す"), default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("デモ用の申請")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_number"], name="one_demo_account_per_receipt_number"
            ),
        ]

    def __str__(self):
        return self.receipt_number
