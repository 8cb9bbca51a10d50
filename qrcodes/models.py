"""Receivers, the codes that speak for them or for one vehicle, and what the counter did with them.

Events, pickups and looks are only ever added. ``qrcodes.issuing.symbol`` says what a symbol
carries; none of these rows is named in it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field as ApplicationField
from applications.models import AttachmentKind, ReceivingMethod
from applications.status import Procedure
from koss.ground.fields import EnumField
from koss.ground.model_fields import NameColumn, ReasonColumn
from koss.ground.name_search import Named, NamesColumn
from koss.labels import Word
from qrcodes.labels import Field, Row


class CodeKind(models.TextChoices):
    """使用目的 of a code, by the words of the screens 二次元コード発行 and 申請状況確認."""

    REGISTRATION = "registration", _("受取者（証明書等管理業者）新規登録用")
    AUTHENTICATION = "authentication", _("受取者（証明書等管理業者）認証用")
    PASSWORD_CHANGE = "password_change", _("受取者（証明書等管理業者）パスワード変更用")
    VEHICLE = "vehicle", _("受取者認証兼受取車両個別申告用")

    @property
    def letter(self):
        """With which letter its symbols begin."""
        return {"registration": "N", "authentication": "A", "password_change": "P"}.get(self, "V")

    @property
    def title(self):
        """Its name on 二次元コード確認: the purpose, followed by 二次元コード."""
        known = {"authentication": ReceivingMethod.RECEIVER_CODE.label}
        return known.get(self) or _("%(purpose)s二次元コード") % {"purpose": self.label}


class Proof(models.TextChoices):
    """Papers that a clerk asks for beside the attachments that no system has delivered."""

    ANNUAL_TAX = "annual_tax", _("軽自動車税種別割の納付がわかる書面")


def papers_in_words(papers):
    """The names of ``papers``: values of AttachmentKind and Proof."""
    names = dict(AttachmentKind.choices) | dict(Proof.choices)
    return [str(names.get(paper, paper)) for paper in papers]


class CodeVerdict(models.TextChoices):
    """What came of the name and password of a 認証用 code when it was issued."""

    RIGHT = "right", _("一致")
    WRONG = "wrong", _("パスワード不一致")
    NOT_REGISTERED = "not_registered", _("登録なし")
    NOT_CHECKED = "not_checked", _("照合せず（試行回数の超過）")


class ReceiverEventKind(models.TextChoices):
    REGISTERED = "registered", _("新規登録")
    PASSWORD_CHANGED = "password_changed", Word.PASSWORD_CHANGE
    FROZEN = "frozen", _("利用停止")
    UNFROZEN = "unfrozen", _("利用再開")


class Refusal(models.TextChoices):
    """Why the counter does nothing with a code, or hands one vehicle's papers not over.

    The label is a heading; ``qrcodes.counter.refusals`` says each in a sentence.
    """

    MISTYPED = "mistyped", _("検索キーの入力誤り")
    JAPANESE_INPUT = "japanese_input", _("日本語入力による読み取りの誤り")
    FOREIGN = "foreign", _("このポータルのものではない二次元コード")
    UNKNOWN = "unknown", _("該当する検索キーなし")
    FORGED = "forged", _("発行した記録のない二次元コード")
    THROTTLED = "throttled", _("検索の一時停止")
    SUPERSEDED = "superseded", _("再発行により失効した二次元コード")
    EXPIRED = "expired", _("有効期限切れの二次元コード")
    USED = "used", _("使用済みの二次元コード")
    WRONG_PASSWORD = "wrong_password", _("受取者用パスワードの不一致")
    NOT_CHECKED = "not_checked", _("受取者用パスワードの照合なし")
    PASSWORD_CHANGED = "password_changed", _("発行後のパスワード変更")
    NOT_REGISTERED = "not_registered", _("未登録の受取者")
    ALREADY_REGISTERED = "already_registered", _("登録済みの受取者")
    FROZEN = "frozen", _("利用停止中の受取者")
    WRONG_OFFICE = "wrong_office", _("申請先が別の事務所等")
    NOTHING_READY = "nothing_ready", _("渡せる車両なし")
    WRONG_RECEIVER = "wrong_receiver", _("受取者名の不一致")
    WRONG_VEHICLE = "wrong_vehicle", _("別の車両の申請")
    WRONG_PROCEDURE = "wrong_procedure", _("手続種別の不一致")
    WRONG_METHOD = "wrong_method", _("受取方法の不一致")
    WRONG_PURPOSE = "wrong_purpose", _("使用目的の不一致")
    NOT_READY = "not_ready", _("準備の完了していない申請")
    HANDED_OVER = "handed_over", _("受け渡し済みの申請")
    PAPERS_MISSING = "papers_missing", _("確認の済んでいない書類")


class LookedBy(models.TextChoices):
    """How a code came before the counter."""

    SYMBOL = "symbol", _("二次元コードの読み取り")
    KEY = "key", _("検索キーの入力")


class Receiver(Named):
    """受取者（証明書等管理業者）: a name and a password that a clerk took over from a paper.

    ``password_version`` grows with each password; ``frozen_at`` set: hands over nothing.
    """

    name = NameColumn(ApplicationField.RECEIVER_NAME, max_length=100, editable=False)
    names = NamesColumn(["name"])
    password = models.CharField(Field.RECEIVER_PASSWORD, max_length=200, editable=False)
    password_version = models.PositiveIntegerField(
        _("パスワード変更回数"), default=1, editable=False
    )
    registered_at = models.DateTimeField(_("登録日時"), editable=False)
    registered_by = models.CharField(_("登録担当者"), max_length=150, editable=False)
    office = models.ForeignKey(
        "applications.Office", models.PROTECT, verbose_name=_("登録事務所等"), editable=False
    )
    frozen_at = models.DateTimeField(_("利用停止日時"), null=True, editable=False)
    frozen_by = models.CharField(_("利用停止担当者"), max_length=150, blank=True, editable=False)
    frozen_reason = ReasonColumn(_("利用停止の理由"), blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("受取者")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="one_receiver_per_name"),
            models.CheckConstraint(
                name="frozen_by_somebody",
                condition=Q(frozen_at=None, frozen_by="")
                | Q(frozen_at__isnull=False) & ~Q(frozen_by=""),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_frozen(self):
        return self.frozen_at is not None


class Code(Named):
    """One issued code. Its symbol can be drawn again from this row at any time.

    ``issue_number`` counts the codes of one application; it is 1 for the other kinds. Which
    fields are filled depends on the kind: ``password`` (the new hash) until it was taken over and
    ``expires_on`` (good until 24:00 of that day) for 新規登録用 and パスワード変更用, whose
    ``receiver`` is the one it was taken over for; ``procedure``, ``verdict``, ``receiver`` and
    ``password_version`` for 認証用; ``application`` for 個別申告用.
    """

    kind = EnumField(Field.PURPOSE, max_length=20, enum=CodeKind, editable=False)
    public_id = models.CharField(_("識別番号"), max_length=20, editable=False)
    lookup_key = models.CharField(Row.LOOKUP_KEY, max_length=16, editable=False)
    issue_number = models.PositiveIntegerField(_("発行回数"), default=1, editable=False)
    issued_at = models.DateTimeField(Row.ISSUED_AT, editable=False)
    procedure = EnumField(_("手続種別"), max_length=24, enum=Procedure, blank=True, editable=False)
    receiver_name = NameColumn(
        ApplicationField.RECEIVER_NAME, max_length=100, blank=True, editable=False
    )
    names = NamesColumn(["receiver_name"])
    password = models.CharField(Field.RECEIVER_PASSWORD, max_length=200, blank=True, editable=False)
    verdict = EnumField(
        _("パスワードの照合結果"), max_length=16, enum=CodeVerdict, blank=True, editable=False
    )
    receiver = models.ForeignKey(
        Receiver,
        models.PROTECT,
        verbose_name=_("受取者"),
        related_name="codes",
        null=True,
        editable=False,
    )
    password_version = models.PositiveIntegerField(
        _("照合したパスワードの変更回数"), null=True, editable=False
    )
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="codes",
        null=True,
        editable=False,
    )
    expires_on = models.DateField(_("有効期限"), null=True, editable=False)
    used_at = models.DateTimeField(_("使用日時"), null=True, editable=False)
    used_by = models.CharField(_("使用担当者"), max_length=150, blank=True, editable=False)
    voided_at = models.DateTimeField(_("失効日時"), null=True, editable=False)
    issue_request_key = models.CharField(
        _("発行時の送信キー"), max_length=32, blank=True, editable=False
    )
    use_request_key = models.CharField(
        _("使用時の送信キー"), max_length=32, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("二次元コード")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lookup_key"], name="one_code_per_lookup_key"),
            models.UniqueConstraint(fields=["public_id"], name="one_code_per_public_id"),
            models.UniqueConstraint(
                fields=["application", "issue_number"], name="one_code_per_issue_number"
            ),
            models.UniqueConstraint(
                fields=["application"],
                name="one_live_code_per_application",
                condition=Q(application__isnull=False, used_at=None, voided_at=None),
            ),
            models.UniqueConstraint(
                fields=["application", "issue_request_key"],
                name="one_code_per_request_key",
                condition=~Q(issue_request_key=""),
            ),
            models.CheckConstraint(
                name="code_kind_has_its_fields",
                condition=Q(kind="vehicle", application__isnull=False, verdict="")
                | Q(kind="authentication", application=None) & ~Q(verdict="") & ~Q(procedure="")
                | Q(
                    kind__in=["registration", "password_change"],
                    application=None,
                    verdict="",
                    expires_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="right_verdict_names_a_receiver",
                condition=~Q(verdict="right")
                | Q(receiver__isnull=False, password_version__isnull=False),
            ),
            models.CheckConstraint(
                name="used_by_somebody",
                condition=Q(used_at=None, used_by="") | Q(used_at__isnull=False) & ~Q(used_by=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                name="codes_with_a_password",
                condition=~Q(password=""),
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.lookup_key[-4:]}"

    @property
    def title(self):
        """受取者（証明書等管理業者）認証用二次元コード and the like."""
        return CodeKind(self.kind).title


class ReceiverEvent(models.Model):
    """What happened to a receiver, when, by whom. ``code``: the paper that it came from."""

    receiver = models.ForeignKey(
        Receiver,
        models.PROTECT,
        verbose_name=_("受取者"),
        related_name="events",
        editable=False,
    )
    kind = EnumField(_("内容"), max_length=20, enum=ReceiverEventKind, editable=False)
    at = models.DateTimeField(_("日時"), editable=False)
    by = models.CharField(_("担当者"), max_length=150, editable=False)
    office = models.ForeignKey(
        "applications.Office",
        models.PROTECT,
        verbose_name=_("事務所等"),
        null=True,
        editable=False,
    )
    reason = ReasonColumn(_("理由"), blank=True, editable=False)
    code = models.OneToOneField(
        Code,
        models.PROTECT,
        verbose_name=_("二次元コード"),
        related_name="event",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("受取者の履歴")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.receiver} {self.get_kind_display()}"


class Pickup(Named):
    """That the papers of one application were handed over at the counter.

    ``papers_seen``: the papers that the clerk was shown, as for ``papers_in_words``, one per line.
    """

    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="pickup",
        editable=False,
    )
    code = models.ForeignKey(
        Code,
        models.PROTECT,
        verbose_name=_("二次元コード"),
        related_name="pickups",
        null=True,
        editable=False,
    )
    receiver_name = NameColumn(
        ApplicationField.RECEIVER_NAME, max_length=100, blank=True, editable=False
    )
    names = NamesColumn(["receiver_name"])
    by = models.CharField(_("担当者"), max_length=150, editable=False)
    office = models.ForeignKey(
        "applications.Office", models.PROTECT, verbose_name=_("事務所等"), editable=False
    )
    at = models.DateTimeField(_("受渡日時"), editable=False)
    papers_seen = models.TextField(_("確認した書類"), blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("受け渡しの記録")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["receiver_name", "id"], name="pickups_by_receiver"),
            models.Index(fields=["at", "office"], name="pickups_by_moment"),
        ]

    def __str__(self):
        return f"{self.application}"

    @property
    def papers_seen_in_words(self):
        return "\n".join(papers_in_words(self.papers_seen.splitlines()))


class Look(models.Model):
    """One search at the counter, found or not. ``tail``: the last four characters of what came."""

    at = models.DateTimeField(_("日時"), editable=False)
    by = models.CharField(_("担当者"), max_length=150, editable=False)
    office = models.ForeignKey(
        "applications.Office", models.PROTECT, verbose_name=_("事務所等"), editable=False
    )
    how = EnumField(_("方法"), max_length=8, enum=LookedBy, editable=False)
    result = EnumField(
        _("結果"),
        max_length=20,
        choices=[("", _("該当あり")), *Refusal.choices],
        blank=True,
        editable=False,
    )
    code = models.ForeignKey(
        Code,
        models.PROTECT,
        verbose_name=_("二次元コード"),
        related_name="looks",
        null=True,
        editable=False,
    )
    tail = models.CharField(_("末尾4文字"), max_length=4, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("窓口での検索")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by", "result", "at"], name="looks_by_clerk")]

    def __str__(self):
        return f"{self.by} {self.get_result_display()}"
