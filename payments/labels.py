"""The official words of paying (table 納付情報, 納付メニュー, まとめ納付情報確認, マイページ)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import Field as ApplicationField
from applications.labels import Party
from koss.labels import Word


class Screen:
    PAYMENT_LOGIN = _("納付ログイン")
    MY_PAGE_LOGIN = _("マイページログイン")
    PASSWORD_CHANGE = Word.PASSWORD_CHANGE
    PASSWORD_CHANGED = _("パスワード変更結果通知")
    PASSWORD_RESET = _("パスワード初期化")
    ISSUE = _("利用者IDの発行")
    PAYMENT_MENU = _("納付メニュー")
    SELECT_TARGETS = _("まとめ納付対象選択")
    SELECT_BATCH = _("まとめ納付情報選択")
    CONFIRM_BATCH = _("まとめ納付情報確認")
    BATCH_DETAIL = _("まとめ納付情報詳細")
    SELECT_DIRECT = _("ダイレクト納付対象・情報選択")
    DIRECT_ORDERS = _("ダイレクト納付の申込状況")
    PAY = _("納付手続")
    MY_PAGE = _("マイページ")
    USER_CHANGE = _("利用者情報変更")
    BULK_PASSWORD_RESET = _("一括利用者パスワード初期化")
    CREDENTIALS = _("APIキー")
    NEW_CREDENTIAL = _("APIキーの作成")
    WEBHOOKS = _("Webhookの通知先")
    NEW_WEBHOOK = _("通知先の登録")
    DELIVERIES = _("送信の記録")
    DELIVERY = _("送信の内容")
    NEW_NATIONAL_ACCOUNT = _("国庫金ダイレクト納付口座新規作成")
    NEW_LOCAL_ACCOUNT = _("地方税ダイレクト納付口座新規作成")
    ACCOUNT_DETAIL = _("口座情報詳細")
    BATCH_FILE = _("まとめ納付管理ファイル")
    BATCH_FILE_CHECK = _("まとめ納付管理ファイルの確認")
    LOGIN_HISTORY = _("ログイン履歴")
    DAILY_REPORT = _("日次収納報告")
    APPLICATIONS = _("申請一覧")
    FOLLOWING = _("お知らせの受け取り方")


class Section:
    USER = _("利用者情報")
    NATIONAL_ACCOUNTS = _("国庫金ダイレクト納付口座情報")
    LOCAL_ACCOUNTS = _("地方税ダイレクト納付口座情報")
    MY_MENU = _("メニュー")
    DOWNLOAD = _("ダウンロード")
    CURRENT_SEARCH = _("現在の検索条件")
    SEARCH = _("検索条件")
    SEARCH_ENTRY = _("検索条件入力")
    TARGET_SEARCH = _("まとめ対象検索")
    NUMBER_TAKING = _("納付番号取得")
    BATCH_SEARCH = _("納付対象検索")
    DIRECT_SEARCH = _("ダイレクト納付対象検索")
    TO_TAKE_NUMBERS = _("まとめ納付対象を選択し納付番号を取得する場合")
    TO_PAY_BATCH = _("まとめ納付を行う場合")
    TO_PAY_DIRECTLY = _("ダイレクト納付を行う場合")
    CALENDAR_ADDRESS = _("期限のカレンダー")
    MORNING_MAIL = _("朝のお知らせメール")
    MAIL_LANGUAGE = Word.LANGUAGE
    FOLLOWING = _("申請の状況を追う")


class Button:
    CHANGE = _("変更")
    CHECK = _("内容を確認する")
    ISSUE_IDS = _("発行")
    RESET = _("初期化")
    APPLY_FOR_ACCOUNT = _("申し込む")
    TO_MY_PAGE = _("マイページへ戻る")
    TO_CREDENTIALS = _("APIキーの一覧へ戻る")
    MAKE_CREDENTIAL = _("APIキーを作成する")
    ROTATE_CREDENTIAL = _("新しいキーに切り替える")
    REVOKE_CREDENTIAL = _("キーを取り消す")
    TO_WEBHOOKS = _("通知先の一覧へ戻る")
    TO_WEBHOOK = _("通知先へ戻る")
    MAKE_WEBHOOK = _("通知先を登録する")
    ROTATE_WEBHOOK = _("新しい鍵に切り替える")
    PAUSE_WEBHOOK = _("一時停止する")
    RESUME_WEBHOOK = _("送信を再開する")
    DELETE_WEBHOOK = _("通知先を削除する")
    TEST_WEBHOOK = _("試しに送る")
    SEND_AGAIN = _("もう一度送る")
    TO_LOGIN = _("ログインへ戻る")
    PAY = pgettext_lazy("button", "納付")
    WITHDRAW_BATCH = pgettext_lazy("button", "取り下げ")
    DETAIL = _("詳細")
    REFRESH = _("最新の情報に更新")
    TO_PAYMENT_MENU = _("納付メニューへ戻る")
    TO_SEARCH = _("検索条件入力へ戻る")
    TAKE_NUMBER = pgettext_lazy("button", "納付番号取得")
    SEARCH = _("検索")
    CHOOSE_ALL = _("条件に合うものをすべて選ぶ")
    CHOOSE_NONE = _("選択をすべて外す")
    SHOW_TOTAL = _("合計を確認")
    CHECK_CHOICE = _("選択内容を確認する")
    CSV = _("CSVダウンロード")
    SHOW_NUMBERS = _("番号を表示する")
    TO_BANK = _("金融機関のサイトへ進む")
    ORDER_DEBIT = _("引き落としを申し込む")
    ORDER_AGAIN = _("申し込み直す")
    CANCEL_DEBIT = _("引き落としを取り消す")
    FILTER = _("この条件で絞り込む")
    FILTER_NONE = _("絞り込みをやめる")
    TO_LIST = _("申請一覧へ戻る")
    OPEN_STATUS = _("申請状況を開く")
    MAKE_ADDRESS = _("カレンダーのアドレスを作る")
    RENEW_ADDRESS = _("新しいアドレスに替える")
    REVOKE_ADDRESS = _("このアドレスを無効にする")


class Field:
    USER_ID = ApplicationField.PAYER
    USER_PASSWORD = _("納付利用者パスワード")
    BULK_ID = ApplicationField.BULK_ID
    CURRENT_PASSWORD = _("現在のパスワード")
    NEW_PASSWORD = _("新しいパスワード")
    NEW_PASSWORD_AGAIN = _("新しいパスワード（確認用）")
    NAME_KANA = _("氏名（フリガナ）")
    NAME = _("氏名")
    NAME_OR_COMPANY = _("氏名または会社・団体名")
    NAME_OR_COMPANY_KANA = _("氏名または会社・団体名（フリガナ）")
    REPRESENTATIVE = _("代表者名")
    ADMIN_EMAIL = _("利用者管理用メールアドレス")
    UPDATED_AT = _("利用者情報更新日時")
    BANK_CODE = _("金融機関")
    BRANCH_CODE = _("本支店")
    DEBIT_TIME = _("引き落としの時期")


class Row:
    """Names of rows of 利用者情報 that a page may list."""

    USER_PASSWORD = Field.USER_PASSWORD
    NAME_OR_COMPANY = Field.NAME_OR_COMPANY
    REPRESENTATIVE = Field.REPRESENTATIVE
    ADMIN_EMAIL = Field.ADMIN_EMAIL
    STATUS_EMAIL = ApplicationField.STATUS_EMAIL


class Column:
    AGENCY_NUMBER = _("収納機関番号")
    PAYMENT_NUMBER = _("納付番号")
    CONFIRMATION_NUMBER = _("確認番号")
    PAYMENT_CATEGORY = _("納付区分")
    DIVISION = _("納付区別")
    PAYEE = _("収納機関名(漢字)")
    PAYEE_KANA = _("収納機関名(カナ)")
    STATE = _("納付状況")
    BATCH_STATE = _("まとめ納付状況")
    PAID_ON = _("納付完了日")
    PAY = pgettext_lazy("column", "納付")
    DUTY = _("業務種別")
    DUE_FROM = _("納付期限（自）")
    DUE_TO = _("納付期限（至）")
    ACCOUNT_ID = _("口座ID")
    HOLDER_KANA = _("口座名義（フリガナ）")
    BANK_NAME = _("金融機関名")
    BRANCH_NAME = _("本支店名")
    ACCOUNT = _("口座情報")
    SETTLED_ON = _("入金日")
    SETTLEMENTS = _("入金件数")
    APPLIED = _("消込額")
    TO_REFUND = _("還付対象額")
    COLLECTED = _("収納額")
    DEBIT_ON = _("引き落とし日")
    DEBIT_STATE = _("引き落とし状況")


class NumberKindName:
    FEES = _("検査手数料・技術情報管理手数料")


class State:
    UNPAID = _("未納")
    PAID = pgettext_lazy("payment", "済")
    NOTHING_TO_PAY = "-"
    WITHDRAWAL_ACCEPTED = _("取り下げ受付済")
    EXPIRED = _("期限切れ")
    REFUSED = _("取得不可")
    CANCELLED = _("取消")


class Division:
    GENERAL = _("一般料金")
    NATIONAL = _("国庫金")
    LOCAL = _("地方税")


class Payee:
    ASSOCIATION = Party.ASSOCIATION.label
    ASSOCIATION_KANA = "ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ"
    AGENCY = _("自動車技術総合機構")
    AGENCY_KANA = "ｼﾞﾄﾞｳｼﾔｷﾞｼﾞﾕﾂｿｳｺﾞｳｷｺｳ"
    TREASURY = _("財務省")
    TREASURY_KANA = "ｻﾞｲﾑｼﾖｳ"
    PREFECTURE = _("都道府県")
    PREFECTURE_KANA = "ﾄﾄﾞｳﾌｹﾝ"
