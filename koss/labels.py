"""The official words of the portal's own pages and frame: one home for each."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Screen:
    TOP = _("トップページ")
    SCREEN_APPLICATIONS = _("当サイトより申請する方 (画面申請)")
    BULK_APPLICATIONS = _("一括利用者システムより申請する方 (一括申請)")
    API = _("一括申請APIの案内")
    CSV_SETS = _("CSVファイルで一括申請する")
    CSV_CHECK = _("CSVファイルの確認")
    SET_RESULT = _("一括申請の結果")
    API_REFERENCE = _("一括申請APIの仕様")
    FAQ = _("よくあるご質問")
    NEWS = _("お知らせ一覧")
    ABOUT = _("軽自動車OSSとは")
    CONDITIONS = _("申請をするための条件")
    DETAILS_CONTINUED = _("手続毎の詳細条件（継続検査）")
    DETAILS_NEW = _("手続毎の詳細条件（新車）")
    ENVIRONMENT = _("PC環境の設定・確認")
    CERTIFICATE = _("電子証明書の取得")
    ELECTRONIC_PAYMENT = _("電子納付のための準備")
    DIRECT_PAYMENT = _("ダイレクト納付の利用登録")
    RECORDING_AGENT = _("記録等事務代行者への代行交付依頼")
    PROCEDURES = _("各種手順等")
    STATUSES = _("申請状況の説明")
    GUIDE_APPLYING = _("初回申請の操作手順")
    GUIDE_INQUIRY = _("申請状況照会の操作手順")
    GUIDE_CORRECTION = _("補正申請の操作手順")
    GUIDE_WITHDRAWAL = _("申請取り下げの操作手順")
    GUIDE_INDIVIDUAL_PAYMENT = _("個別納付の操作手順")
    GUIDE_BATCH_PAYMENT = _("まとめ納付の操作手順")
    GUIDE_DIRECT_PAYMENT = _("ダイレクト納付の操作手順")
    GUIDE_CODES = _("二次元コード発行の操作手順")
    GUIDE_MY_PAGE = _("利用者情報マイページの操作手順")
    GUIDE_BATCH_FILE = _("まとめ納付管理ファイルの取得手順")
    GLOSSARY = _("用語集")
    SITE_MAP = _("サイトマップ")
    SERVICE_AREA = _("サービス対象手続・地域")
    SECURITY = _("セキュリティ")
    WEIGHT_TAX = _("次回自動車重量税額照会サービス")
    CONTACT = _("お問い合わせ")
    TERMS = _("利用規約")
    ACCESSIBILITY = _("アクセシビリティ")
    DEMO = _("デモ環境")
    PARTS = _("画面部品")
    FOUND = _("検索結果")
    SEATS = _("研修用の席")
    SEAT_CARDS = _("席のカード")
    PUT_BACK = _("席を始めに戻す")
    API_LOG = _("APIの要求と通知の記録")


class Section:
    ANNOUNCEMENT = _("お知らせ")
    APPLY = _("軽自動車OSS申請")
    FROM_THIS_SITE = _("当サイトより申請する方は")
    FROM_BULK_SYSTEM = _("一括利用者システムより申請する方は")
    MAIN_MENU = _("事前の準備が整った方 (主なメニュー)")
    ALL_MENU = _("事前の準備が整った方 (すべてのメニュー)")
    DETAILED_CONDITIONS = _("手続毎の詳細条件")
    FAQ_GENERAL = _("サービス全般に関する質問")
    FAQ_PREPARATION = _("事前準備に関する質問")
    FAQ_PROCEDURES = _("手続に関する質問")
    FAQ_OPERATION = _("操作方法に関する質問")
    FAQ_ERRORS = _("エラー解決（トラブルシューティング）に関する質問")


class Button:
    HERE = _("こちら")
    SCREEN_APPLICATIONS = _("画面申請")
    BULK_APPLICATIONS = _("一括申請")
    STATUS_INQUIRY = _("状況の照会")
    ALL_NEWS = _("お知らせ一覧へ")
    FIND = _("サイト内検索")
    NEWS_HERE = _("お知らせはこちら")


class Word:
    """Words that several apps share and no page heads."""

    PASSWORD_CHANGE = _("パスワード変更")
    LANGUAGE = _("メールの言語")
    MAIL_SUBJECT = pgettext_lazy("mail", "件名")
    MAIL_TEXT = pgettext_lazy("mail", "本文")


class Menu:
    FIRST_TIME = _("はじめての方")
    PREPARED = _("事前の準備が整った方")
    PREPARE_SCREEN = _("事前の準備（画面申請）")
    PREPARE_BULK = _("事前の準備（一括申請）")
    SCREEN_APPLICANTS = _("画面申請の方")
    BULK_APPLICANTS = _("一括申請の方")
    ADDRESS_FILE = _("【使用者の作業】使用者の住所証明ファイルを作成する")
    APPLY = _("申請を行う")
    STATUS_INQUIRY = _("申請状況の照会を行う")
    INDIVIDUAL_PAYMENT = _("個別納付を行う")
    BATCH_PAYMENT = _("まとめ納付を行う")
    PAY = _("納付を行う")
    CORRECTION = _("申請した内容の補正を行う")
    USER_DETAILS = _("利用者情報の確認・変更を行う")
    FOLLOW = _("利用者IDの申請を一覧する")
    TEXT_SIZE = _("文字サイズ")
    SCHEME = _("画面の配色")


class Scheme:
    LIGHT = _("明るい")
    DARK = _("暗い")
    DEVICE = _("端末に合わせる")


class TextSize:
    SMALL = _("小")
    MEDIUM = _("中")
    LARGE = _("大")
