"""The official words of the codes and of their screens: one home for each."""

from django.utils.translation import gettext_lazy as _


class Screen:
    CODES = _("二次元コードの発行")
    CODE_ISSUE = _("二次元コード発行")
    CODE_CONFIRMATION = _("二次元コード確認")


class Button:
    ISSUE_CODE = _("二次元コードを発行する")
    FROM_HERE = _("こちらから")
    PRINT = _("印刷")


class Field:
    """Names of fields that are typed in, not stored under these names."""

    PURPOSE = _("使用目的")
    RECEIVER_NAME_FULL_WIDTH = _("受取者名（証明書等管理業者名）（全角）")
    RECEIVER_PASSWORD = _("パスワード（受取者用パスワード）")
    RECEIVER_PASSWORD_AGAIN = _("パスワード（受取者用パスワード）（確認用）")
    CODE_OR_KEY = _("二次元コードまたは検索キー")


class Row:
    """Names of the rows of 二次元コード確認."""

    ISSUED_ON = _("発行年月日")
    ISSUED_AT = _("発行日時")
    LOOKUP_KEY = _("検索キー")
