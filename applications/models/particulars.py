"""What an application on screen or in bulk says beside what its status page shows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.labels import Screen
from koss.ground.fields import EnumField
from koss.ground.model_fields import CodeColumn, LineColumn


class ApplicantKind(models.TextChoices):
    SELF = "self", _("使用者本人")
    AGENT = "agent", _("代理人（行政書士など）")


class VehicleUse(models.TextChoices):
    """Who uses the vehicle for what: it decides the kana of its plate."""

    PRIVATE = "private", _("自家用")
    BUSINESS = "business", _("事業用")
    RENTAL = "rental", _("貸渡")


class Particulars(models.Model):
    """One per application that was made on this portal's screens or its bulk interface."""

    application = models.OneToOneField(
        "applications.Application",
        models.PROTECT,
        verbose_name=_("申請"),
        related_name="particulars",
        editable=False,
    )
    applicant_kind = EnumField(_("申請者区分"), max_length=8, enum=ApplicantKind, editable=False)
    vehicle_use = EnumField(_("用途"), max_length=8, enum=VehicleUse, editable=False)
    postal_code = CodeColumn(_("使用者の郵便番号"), max_length=7)
    address = LineColumn(_("使用者の住所"), max_length=200)
    base_address = LineColumn(_("使用の本拠の位置"), max_length=200)
    insurance_number = CodeColumn(
        _("自動車損害賠償責任保険証明書の番号"), max_length=30, blank=True
    )
    certificate_number = CodeColumn(_("保安基準適合証の番号"), max_length=30, blank=True)
    completion_number = CodeColumn(_("完成検査終了証の番号"), max_length=30, blank=True)
    type_designation = CodeColumn(_("型式指定番号"), max_length=5, blank=True)
    category_number = CodeColumn(_("類別区分番号"), max_length=4, blank=True)
    reservation_number = CodeColumn(_("希望番号の予約番号"), max_length=20, blank=True)

    # The whole 使用者の住所証明ファイル, as the user made it.
    address_file = models.TextField(Screen.ADDRESS_FILE, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("申請の詳細")

    def __str__(self):
        return str(self.application)
