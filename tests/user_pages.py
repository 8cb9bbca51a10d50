"""The ways to the pages of payment users: (name, way, code of the response).

For tests/every_page.py: the payment users of the demo world exist when a way begins.
"""

import re

from koss.demo import payers
from tests.signing_in import signs_in_to_my_page
from tests.ways import html_of, opens, presses, selects

_NEW_PASSWORD = "Atarashii-2026"
_CHECK = "内容を確認する"


def _my_page(*words):
    """From マイページ, by pressing ``words``."""

    def way(person):
        signs_in_to_my_page(person)
        presses(*words)(person)

    return way


def _tries(user_id, password, login="/mypage/login/"):
    def way(person):
        person.opens(login)
        person.fills("納付利用者ID", user_id)
        person.fills("納付利用者パスワード", password)
        person.presses("ログイン")

    return way


def _asks_for_a_reset(person):
    person.opens("/mypage/reset/")
    person.fills("納付利用者ID", "KNZZ9999")
    person.presses("初期化")


def _fills_in_details(person):
    person.opens("/mypage/issue/")
    person.fills("氏名または会社・団体名", "六本木商事")
    person.fills("氏名または会社・団体名（フリガナ）", "ロッポンギショウジ")
    person.fills("利用者管理用メールアドレス", "kanri@roppongi.example")
    person.fills("申請状況通知用メールアドレス", "jokyo@roppongi.example")
    person.presses("内容を確認する")


def _is_issued(person):
    _fills_in_details(person)
    person.fills("納付利用者パスワード", _NEW_PASSWORD)
    person.fills("納付利用者パスワード（確認用）", _NEW_PASSWORD)
    person.presses("発行")


def _fills_in_an_account(person):
    _my_page("国庫金ダイレクト納付口座新規作成")(person)
    selects(person, "金融機関", "0101")
    person.fills("本支店", "002")
    person.chooses("普通")
    person.fills("口座番号", "1000001")
    person.fills("口座名義（フリガナ）", "ケイジ タロウ")
    person.presses("内容を確認する")


def _mistypes_a_detail(person):
    _my_page("利用者情報変更")(person)
    person.fills("利用者管理用メールアドレス", "nobody")
    person.presses("内容を確認する")


def _changes_a_detail(*words):
    def way(person):
        _my_page("利用者情報変更")(person)
        person.fills("代表者名", "六本木 一郎")
        presses(_CHECK, *words)(person)

    return way


def _sees_an_account(person):
    signs_in_to_my_page(person)
    # There are two buttons of that name.
    account = re.search(r'href="(/mypage/[^/"]+/accounts/[0-9a-f]{32}/)"', html_of(person))[1]
    person.opens(account)


def _opens_below_my_page(path):
    def way(person):
        person.opens(signs_in_to_my_page(person) + path)

    return way


WAYS = [
    ("payment login", opens("/payment/login/"), 200),
    ("my page login", opens("/mypage/login/"), 200),
    ("my page login, wrong", _tries("KNZZ9999", "wrong"), 200),
    ("my page login, locked", _tries(payers.LOCKED, payers.PASSWORD), 403),
    ("password change", opens("/mypage/password/"), 200),
    ("password change, expired", _tries(payers.EXPIRED, payers.PASSWORD), 200),
    ("password changed", opens("/mypage/password/done/"), 200),
    ("password reset", opens("/mypage/reset/"), 200),
    ("password reset, asked", _asks_for_a_reset, 200),
    ("password reset, dead link", opens("/mypage/reset/link/nobodys/"), 404),
    ("issuing IDs", opens("/mypage/issue/"), 200),
    ("issuing IDs: check", _fills_in_details, 200),
    ("issuing IDs: done", _is_issued, 200),
    ("my page", _my_page(), 200),
    ("my page: history", _my_page("すべての履歴を見る"), 200),
    ("my page: details", _my_page("利用者情報変更"), 200),
    ("my page: details with an error", _mistypes_a_detail, 200),
    ("my page: details, check", _changes_a_detail(), 200),
    ("my page: details, done", _changes_a_detail("変更"), 200),
    ("my page: bulk password", _my_page("一括利用者パスワード初期化"), 200),
    ("my page: bulk password, error", _my_page("一括利用者パスワード初期化", "初期化"), 200),
    ("my page: bulk password, done", _opens_below_my_page("bulk-password/done/"), 200),
    ("my page: new account", _my_page("地方税ダイレクト納付口座新規作成"), 200),
    ("my page: new account, error", _my_page("国庫金ダイレクト納付口座新規作成", _CHECK), 200),
    ("my page: new account, check", _fills_in_an_account, 200),
    ("my page: account", _sees_an_account, 200),
    ("my page: check a file", _my_page("まとめ納付管理ファイルの確認", _CHECK), 200),
]
