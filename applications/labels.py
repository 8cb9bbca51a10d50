"""The official words of this app's screens: one home for each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.status import Actor, MoveName


class Screen:
    STATUS_LOGIN = _("状況照会 ログイン")
    STATUS = _("状況照会 申請状況確認")
    WITHDRAWAL = _("申請の取り下げ")
    CORRECTION = _("申請の補正")
    CORRECTION_REVIEW = _("補正内容の確認")
    CORRECTION_SIGNATURE = _("補正内容への署名")
    APPLICATION_CHECK = _("申請内容の確認")
    APPLICATION_SIGNATURE = _("署名と送信")
    PREFILL = _("自動車検査証から読み取る")
    ADDRESS_FILE = _("使用者の住所証明ファイル")
    ADDRESS_FILE_MAKING = _("使用者の住所証明ファイル作成")


class Section:
    PROGRESS = _("手続進捗状況")
    CURRENT_STATUS = _("現在の申請状況")
    ATTACHMENTS = _("添付書類取得状況")
    REVIEW = _("軽自動車検査協会事務所等審査状況")
    PAYMENT = _("納付情報")
    WITHDRAWAL_POSSIBLE = _("申請の取り下げが可能です")
    RECEIVING = _("交付物の受け取りに関する情報")
    DEADLINES = _("期限等に関するお知らせ")
    NOTICES = _("通知等情報")
    CORRECTION_ORDERED = _("補正指示が出ています")
    TIMELINE = _("これまでの経過")
    NEXT_STEP = _("次に行うこと")


class Button:
    NEXT = _("次へ")
    LOGIN = _("ログイン")
    END = _("終了")
    OK = _("OK")
    CANCEL = _("キャンセル")
    WITHDRAW = MoveName.WITHDRAW.label
    CORRECT = _("申請を補正する")
    TO_DETAILS = _("詳細へ")
    ISSUE_PICKUP_CODE = _("受取者認証兼受取車両個別申告用二次元コードの発行")
    CHECK_CORRECTION = _("補正内容を確認する")
    SEND_CORRECTION = MoveName.SEND_CORRECTION.label
    SIGN_CORRECTION = _("署名して補正を申請する")
    START_TYPING = _("入力を始める")
    SAVE_AND_NEXT = _("保存して次へ")
    TO_SIGNATURE = _("署名に進む")
    SIGN_APPLICATION = _("署名して申請を送信する")
    BACK = _("戻る")
    SHOW_PASSWORD = _("パスワード表示")
    CALENDAR = _("期限をカレンダーに登録")


class Field:
    """Names of fields that are typed in, not stored under these names."""

    RECEIPT_NUMBER = _("受付番号（到達番号）")
    APPLICATION_PASSWORD = _("申請用パスワード")
    RECEIVER_NAME = _("受取者名（証明書等管理業者名）")
    PAYER = _("納付利用者ID")
    BULK_ID = _("一括利用者ID")
    STATUS_EMAIL = _("申請状況通知用メールアドレス")


class Column:
    """Of the table 納付情報, as far as they name what is owed; the rest: ``payments.labels``."""

    CHARGE_KIND = _("税・手数料種別")
    AMOUNT = _("金額")
    DUE_ON = _("納付期限")


class Party(TextChoices):
    """Who has to act next."""

    YOU = "you", _("あなた")
    ASSOCIATION = "association", _("軽自動車検査協会")
    TAX_OFFICE = "tax_office", Actor.TAX_OFFICE.label
    PAYER = "payer", _("納付する方")
    BANK = "bank", _("金融機関と収納機関")
    NIGHT = "night", Actor.NIGHT.label
    RECEIVER = "receiver", _("登録された受取者")
    AGENT = "agent", _("記録等事務代行者")
    NOBODY = "nobody", _("手続は終了しています")


class Step:
    """The steps of the progress bar."""

    PREPARATION = _("手続準備")
    INSPECTION_OFFICE = _("軽自動車検査協会事務所等への手続")
    TAX_OFFICE = _("軽自動車税申告窓口への手続")
    RETURN = _("返付")
    ISSUE = _("交付")


class Mark(TextChoices):
    """What stands on a step of the progress bar."""

    DONE = "done", pgettext_lazy("step of a procedure", "済")
    TO_COME = "to-come", pgettext_lazy("step of a procedure", "未")
    ATTENTION = "attention", "!"
