"""The official words of payment: columns, states and payees (manuals, table 納付情報)."""

from django.utils.translation import gettext_lazy as _

from applications.labels import Mark, Party


class Column:
    AGENCY_NUMBER = _("収納機関番号")
    PAYMENT_NUMBER = _("納付番号")
    CONFIRMATION_NUMBER = _("確認番号")
    PAYMENT_CATEGORY = _("納付区分")
    DIVISION = _("納付区別")
    PAYEE = _("収納機関名(漢字)")
    PAYEE_KANA = _("収納機関名(カナ)")
    STATE = _("納付状況")
    PAID_ON = _("納付完了日")
    PAY = _("納付")


class State:
    UNPAID = _("未納")
    PAID = Mark.DONE
    NOTHING_TO_PAY = "-"


class Division:
    GENERAL = _("一般料金")
    NATIONAL = _("国庫金")
    LOCAL = _("地方税")


class Payee:
    ASSOCIATION = Party.ASSOCIATION
    ASSOCIATION_KANA = "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ"
    AGENCY = _("自動車技術総合機構")
    AGENCY_KANA = "ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ"
    TREASURY = _("財務省")
    TREASURY_KANA = "ｻﾞｲﾑｼﾖｳ"
    PREFECTURE = _("都道府県")
    PREFECTURE_KANA = "ﾄﾄﾞｳﾌｹﾝ"
