"""An application: one vehicle, one procedure, one receipt number."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field
from applications.models.charge import PaymentMethod, WeightClass
from applications.status import Procedure, Status
from koss.ground.fields import EnumField
from koss.ground.model_fields import (
    ChassisNumberColumn,
    CodeColumn,
    LineColumn,
    MailColumn,
    NameColumn,
    rows_with,
)
from koss.ground.name_search import Named, NamedQuerySet, NamesColumn
from koss.labels import Button, Word


class Channel(models.TextChoices):
    SCREEN = "screen", Button.SCREEN_APPLICATIONS
    BULK = "bulk", Button.BULK_APPLICATIONS


class ReceivingMethod(models.TextChoices):
    RECEIVER_CODE = "receiver_code", _("受取者（証明書等管理業者）認証用二次元コード")
    VEHICLE_CODE = "vehicle_code", _("受取者認証兼受取車両個別申告用二次元コード")


class PartialReview(models.TextChoices):
    NOT_NEEDED = "not_needed", _("実施不要（ALL電子）")
    TO_DO = "to_do", _("未実施")
    DONE = "done", _("実施済")


class ApplicationQuerySet(NamedQuerySet):
    def overdue_on(self, day):
        """What should have been paid or corrected on ``day`` or before, and was not."""
        return self.filter(deadline__lte=day)

    def with_deadline_between(self, first, last):
        """Those whose next deadline is one of the days ``first`` … ``last``."""
        return self.filter(deadline__gte=first, deadline__lte=last)


def _listed_by(owner, name):
    """The indexes of 申請一覧: of everything, newest change first; of one status; of deadlines.

    What else the list is narrowed by stands at the end of the first.
    """
    named = ~Q(**{owner: ""})
    return (
        models.Index(
            fields=[owner, "status_changed_at", "id", "status", "procedure", "deadline"],
            name=f"{name}_changed",
            condition=named,
        ),
        models.Index(
            fields=[owner, "status", "status_changed_at", "id"],
            name=f"{name}_status",
            condition=named,
        ),
        models.Index(
            fields=[owner, "deadline", "id"],
            name=f"{name}_deadline",
            condition=named & Q(deadline__isnull=False),
        ),
    )


class Application(Named):
    """Written by intake once; afterwards ``moves`` writes what a move changes."""

    procedure = EnumField(_("手続種別"), max_length=24, enum=Procedure, editable=False)
    channel = EnumField(_("申請方法"), max_length=8, enum=Channel, editable=False)
    payment_method = EnumField(
        _("納付方法"),
        max_length=12,
        enum=PaymentMethod,
        default=PaymentMethod.INDIVIDUAL,
        editable=False,
    )
    # Who pays for many at once: the ID in the application's まとめ納付管理ファイル.
    payer = models.CharField(Field.PAYER, max_length=8, blank=True, default="", editable=False)
    # Whether the application itself says that the payer also acts for the applicant.
    payer_is_agent = models.BooleanField(_("納付利用者への委任"), default=False, editable=False)
    # Whose system sent it and may read it by the bulk interface: none of an application on screen.
    bulk_id = models.CharField(Field.BULK_ID, max_length=8, blank=True, default="", editable=False)

    status = EnumField(_("申請状況"), max_length=24, enum=Status, editable=False)
    status_changed_at = models.DateTimeField(_("状況更新日時"), editable=False)
    version = models.PositiveIntegerField(_("更新回数"), default=0, editable=False)
    deadline = models.DateField(_("期限日"), null=True, editable=False)

    applied_on = models.DateField(_("申請年月日"), editable=False)
    receipt_number = models.CharField(_("受付番号"), max_length=17, editable=False)
    password = models.CharField(Field.APPLICATION_PASSWORD, max_length=200, editable=False)
    plate = LineColumn(_("車両番号"), max_length=40, blank=True)
    chassis_number = ChassisNumberColumn(_("車台番号"), max_length=30)
    applicant_name = NameColumn(_("申請者名"), max_length=100)
    user_name = NameColumn(_("使用者名"), max_length=100)
    user_name_full = NameColumn(_("使用者名（高水準）"), max_length=100, blank=True)
    owner_name = NameColumn(_("所有者名"), max_length=100, blank=True)
    owner_name_full = NameColumn(_("所有者名（高水準）"), max_length=100, blank=True)
    office = models.ForeignKey(
        "applications.Office",
        models.PROTECT,
        verbose_name=_("申請先軽自動車検査協会事務所等"),
        editable=False,
    )
    recording_agent_number = CodeColumn(_("記録等事務代行者委託番号"), max_length=20, blank=True)
    recording_agent_name = NameColumn(_("記録等事務代行者氏名又は名称"), max_length=100, blank=True)
    recording_agent_allowed = models.BooleanField(_("記録等事務代行利用可否"), default=False)

    partial_review = EnumField(
        _("一部書類審査"),
        max_length=12,
        enum=PartialReview,
        default=PartialReview.NOT_NEEDED,
        editable=False,
    )
    reviewed_on = models.DateField(_("審査完了年月日"), null=True, editable=False)
    annual_tax_confirmed = models.BooleanField(
        _("軽自動車税種別割の納付確認"), null=True, editable=False
    )
    weight_class = EnumField(_("重量税区分"), max_length=20, enum=WeightClass, editable=False)
    acquisition_price = models.PositiveIntegerField(_("取得価額"), null=True, editable=False)
    vehicle_tax_rate = models.DecimalField(
        _("環境性能割の税率（％）"), max_digits=3, decimal_places=1, null=True, editable=False
    )

    receiving_method = EnumField(_("受取方法"), max_length=16, enum=ReceivingMethod, editable=False)
    names = NamesColumn(
        ["applicant_name", "user_name", "user_name_full", "owner_name", "owner_name_full"]
    )
    receiver_name = NameColumn(Field.RECEIVER_NAME, max_length=100, blank=True, editable=False)

    email = MailColumn(_("メールアドレス"), blank=True, editable=False)
    status_email = MailColumn(Field.STATUS_EMAIL, blank=True, editable=False)
    language = models.CharField(Word.LANGUAGE, max_length=10, default="ja", editable=False)
    earlier = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name=_("以前の受付番号"),
        related_name="later",
        null=True,
        editable=False,
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申請")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_number"], name="one_application_per_receipt_number"
            ),
            models.CheckConstraint(
                name="application_status_is_known",
                condition=Q(status__in=[status.value for status in Status]),
            ),
            models.CheckConstraint(
                name="payer_named_unless_paid_individually",
                condition=Q(payment_method=PaymentMethod.INDIVIDUAL, payer="")
                | (~Q(payment_method=PaymentMethod.INDIVIDUAL) & ~Q(payer="")),
            ),
            models.CheckConstraint(
                name="only_a_payer_is_agent", condition=Q(payer_is_agent=False) | ~Q(payer="")
            ),
            models.CheckConstraint(
                name="bulk_id_only_in_bulk", condition=Q(bulk_id="") | Q(channel=Channel.BULK)
            ),
        ]
        indexes = [
            models.Index(fields=["status", "deadline", "id"], name="application_work_list"),
            models.Index(fields=["office", "status", "id"], name="application_by_office"),
            rows_with("deadline", "id", name="application_by_deadline"),
            # The staff's desk: what waits how long, and what came in on which day.
            models.Index(fields=["status", "status_changed_at", "id"], name="application_waiting"),
            models.Index(fields=["applied_on", "id"], name="application_by_day"),
            # Status and procedure stand in it for what is searched for among a payer's many.
            models.Index(
                fields=["payer", "payment_method", "deadline", "id", "status", "procedure"],
                name="application_by_payer",
                condition=~Q(payer=""),
            ),
            *_listed_by("payer", "application_by_payer"),
            *_listed_by("bulk_id", "application_by_bulk"),
            models.Index(
                fields=["bulk_id", "applied_on", "id"],
                name="application_by_bulk_id",
                condition=~Q(bulk_id=""),
            ),
            models.Index(fields=["chassis_number"], name="application_by_chassis"),
            models.Index(fields=["plate"], name="application_by_plate"),
        ]

    def __str__(self):
        return self.receipt_number

    @property
    def addresses(self):
        """Its own mail addresses, each once; ``letters.addresses`` adds its payer's."""
        return list(dict.fromkeys(filter(None, [self.email, self.status_email])))

    @property
    def has_recording_agent(self):
        return bool(self.recording_agent_number)

    @property
    def recording_agent_words(self):
        """記録等事務代行利用可否 in the words of the status page."""
        return _("利用可") if self.recording_agent_allowed else _("利用不可")
