"""Rows that belong to no single application area: mail, news, the night, locks."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from koss.ground import signs
from koss.ground.fields import EnumField
from koss.ground.model_fields import LineColumn, MailColumn, ReasonColumn, rows_with
from koss.labels import Word


class MailState(models.TextChoices):
    QUEUED = "queued", _("送信待ち")
    SENDING = "sending", _("送信中")
    SENT = "sent", _("送信済")
    DEAD = "dead", _("送信不能")


class OutgoingMail(models.Model):
    """One mail for one address, written in the transaction of what it tells about.

    It keeps codes and ``facts``; ``koss.mail.outbox.read`` says them in its ``language``.
    ``sealed``: staff do not see what it says.
    """

    key = models.CharField(_("識別キー"), max_length=400, editable=False)
    template = models.CharField(_("種類"), max_length=40, editable=False)
    to = MailColumn(_("宛先"), editable=False)
    receipt_number = models.CharField(_("受付番号"), max_length=17, blank=True, editable=False)
    facts = models.JSONField(_("記載事項"), default=dict, editable=False)
    language = models.CharField(Word.LANGUAGE, max_length=10, default="ja", editable=False)
    sealed = models.BooleanField(_("本人だけが読むメール"), default=False, editable=False)
    state = EnumField(
        _("状態"),
        max_length=10,
        enum=MailState,
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
            models.Index(fields=["id"], name="mail_dead", condition=models.Q(state=MailState.DEAD)),
            models.Index(fields=["created_at"], name="mail_by_creation"),
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
        still = models.Q(published_until=None) | models.Q(published_until__gt=now)
        shown = self.filter(still, is_draft=False, published_at__lte=now)
        return shown.order_by("-published_at", "-pk")

    def planned_stops(self, *, now):
        """News of stops that are not over at ``now``, whether they are published yet or not."""
        return self.filter(is_draft=False, resumes_at__gt=now).order_by("stops_at", "pk")


class News(models.Model):
    """お知らせ, written by staff in Japanese and, where they like, in English beside it.

    ``stops_at`` and ``resumes_at``: of a planned stop, of which every page tells from
    ``published_at`` until it is over.
    """

    title = LineColumn(pgettext_lazy("news", "件名"), max_length=100)
    body = ReasonColumn(pgettext_lazy("news", "本文"))
    title_en = LineColumn(_("件名（英語）"), max_length=200, blank=True)
    body_en = ReasonColumn(_("本文（英語）"), blank=True)
    is_draft = models.BooleanField(_("下書き"), default=False)
    published_at = models.DateTimeField(_("公開日時"))
    published_until = models.DateTimeField(_("掲載終了日時"), null=True, blank=True)
    stops_at = models.DateTimeField(_("計画停止の開始"), null=True, blank=True)
    resumes_at = models.DateTimeField(_("計画停止の終了"), null=True, blank=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = pgettext_lazy("news", "お知らせ")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="news_newest_first"),
            rows_with("resumes_at", name="news_of_planned_stops"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_planned_stop_has_both_ends",
                condition=models.Q(stops_at=None, resumes_at=None)
                | models.Q(resumes_at__gt=models.F("stops_at")),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def speaks(self):
        """The language that this has for the reader: theirs where both English texts are there."""
        english = self.title_en and self.body_en and get_language() == "en"
        return "en" if english else settings.LANGUAGE_CODE

    @property
    def headline(self):
        return self.title_en if self.speaks == "en" else self.title

    @property
    def text(self):
        return self.body_en if self.speaks == "en" else self.body

    def clean(self):
        for text in (self.title, self.body):
            signs.require_text(text)
        faults = dict(self._faults())
        if faults:
            raise ValidationError(faults)

    def _faults(self):
        if bool(self.title_en) != bool(self.body_en):
            missing = "body_en" if self.title_en else "title_en"
            yield missing, _("英語のお知らせでは、件名と本文の両方を入力してください。")
        until, begins = self.published_until, self.published_at
        if until and begins and until <= begins:
            yield "published_until", _("公開日時より後の日時を入力してください。")
        if bool(self.stops_at) != bool(self.resumes_at):
            missing = "resumes_at" if self.stops_at else "stops_at"
            yield missing, _("計画停止では、開始と終了の両方を入力してください。")
        elif self.stops_at and self.resumes_at <= self.stops_at:
            yield "resumes_at", _("開始より後の日時を入力してください。")
        elif self.stops_at and until and until < self.resumes_at:
            yield "published_until", _("計画停止が終わるより後の日時を入力してください。")


class NightRun(models.Model):
    """What one run of the night did. ``counts``: code of the step → number of rows."""

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
    """Failed tries of a password for one typed number or one ID.

    ``subject`` is a keyed hash: the row says nothing about whether such a number exists.
    ``owner``: of a browser's own counter, the subject of the general one; "" in that one itself.
    ``pending``: how many of ``failures`` are being checked at this moment. ``reserved_at`` is by
    the machine's own time.
    """

    subject = models.CharField(_("対象"), max_length=64, editable=False)
    owner = models.CharField(_("共通の対象"), max_length=64, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("連続失敗回数"), default=0, editable=False)
    pending = models.PositiveSmallIntegerField(_("確認中の試行"), default=0, editable=False)
    reserved_at = models.DateTimeField(_("確認開始日時"), null=True, editable=False)
    tried_at = models.DateTimeField(_("最終試行日時"), editable=False)
    locked_at = models.DateTimeField(_("ロック日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("パスワードロック")
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="one_lock_per_subject"),
        ]
        indexes = [
            rows_with("locked_at", name="locks_by_moment"),
            models.Index(fields=["tried_at"], name="locks_by_last_failure"),
            models.Index(
                fields=["owner"],
                name="locks_of_browsers",
                condition=~models.Q(owner=""),
            ),
        ]

    def __str__(self):
        return self.subject[:12]


class Source(models.Model):
    """What one source has spent of what it may do unknown: ``koss.access.sources`` says how.

    ``pending``: tries of it that are being checked at this moment.
    """

    address = models.CharField(_("接続元"), max_length=45, editable=False)
    misses = models.FloatField(_("パスワードの誤り"), default=0, editable=False)
    writes = models.FloatField(_("最近の登録"), default=0, editable=False)
    levels_at = models.DateTimeField(_("最終利用日時"), editable=False, db_index=True)
    pending = models.PositiveIntegerField(_("確認中の試行"), default=0, editable=False)
    reserved_at = models.DateTimeField(_("確認開始日時"), null=True, editable=False)
    refused_at = models.DateTimeField(_("最終拒否日時"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("接続元の制限")
        constraints = [
            models.UniqueConstraint(fields=["address"], name="one_row_per_source"),
        ]
        indexes = [
            rows_with("refused_at", name="sources_refused"),
        ]

    def __str__(self):
        return self.address


class SourceMiss(models.Model):
    """Wrong passwords of one source at one number. ``subject`` as in ``PasswordLock``."""

    source = models.ForeignKey(
        Source, models.CASCADE, editable=False, verbose_name=Source._meta.verbose_name
    )
    subject = models.CharField(_("対象"), max_length=64, editable=False)
    level = models.FloatField(_("パスワードの誤り"), default=0, editable=False)
    level_at = models.DateTimeField(_("最終失敗日時"), editable=False, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接続元ごとのパスワードの誤り")
        constraints = [
            models.UniqueConstraint(fields=["source", "subject"], name="one_row_per_miss"),
        ]

    def __str__(self):
        return self.subject[:12]


class OpenHandle(models.Model):
    """What one browser has open or under way, behind a random handle in the address.

    ``proof``: a digest of the secret in the browser's cookie for it; "" of what lies inside
    another. ``seen_at`` is by the machine's own time.
    """

    shelf = models.CharField(_("種類"), max_length=20, editable=False)
    handle = models.CharField(_("識別子"), max_length=22, editable=False)
    proof = models.CharField(_("照合値"), max_length=64, blank=True, editable=False)
    inside = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, verbose_name=_("属する画面")
    )
    facts = models.JSONField(_("内容"), default=dict, editable=False)
    made_at = models.DateTimeField(_("開始日時"), editable=False)
    seen_at = models.DateTimeField(_("最終利用日時"), editable=False, db_index=True)
    ended_for_room = models.BooleanField(_("上限による終了"), default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("開いている画面")
        constraints = [
            models.UniqueConstraint(fields=["handle"], name="one_thing_per_handle"),
        ]

    def __str__(self):
        return self.shelf


class TypedText(models.Model):
    """What was typed into a form whose sign-in had ended, encrypted (``koss.access.leftovers``).

    ``owner``: whose sign-in it was; ``form``: into which form, as JSON; ``proof``: a digest of the
    secret of the browser that it came from, "" where that browser had shown that it was signed in.
    ``kept_at`` is by the machine's own time.
    """

    key = models.CharField(_("識別子"), max_length=22, editable=False)
    owner = models.CharField(_("入力した人"), max_length=60, editable=False)
    form = models.CharField(_("入力した画面"), max_length=200, editable=False)
    proof = models.CharField(_("照合値"), max_length=64, blank=True, editable=False)
    salt = models.BinaryField(_("鍵の素"), editable=False)
    sealed = models.BinaryField(_("暗号化した入力内容"), editable=False)
    kept_at = models.DateTimeField(_("保存日時"), editable=False, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("送信されなかった入力内容")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "form", "proof"], name="one_text_per_owner_and_form"
            ),
            models.UniqueConstraint(fields=["key"], name="one_text_per_key"),
        ]

    def __str__(self):
        return self.key


class StaffEventKind(models.TextChoices):
    PASSWORD = "password", _("ほかの職員がパスワードを設定")
    OWN_PASSWORD = "own_password", _("本人がパスワードを変更")
    ROLES = "roles", _("役割を変更")


class StaffEvent(models.Model):
    """What was done to an account of staff. ``detail``: of roles, the names of all it has then."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="staff_events",
        editable=False,
        verbose_name=_("職員"),
    )
    kind = EnumField(_("内容"), max_length=20, enum=StaffEventKind, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("行った職員"),
    )
    at = models.DateTimeField(_("日時"), editable=False)
    detail = models.CharField(_("役割"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("職員アカウントの記録")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.user} {self.get_kind_display()}"
