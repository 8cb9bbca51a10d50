"""The ways to the pages of payment users: (name, way, code of the response).

For tests/every_page.py: the payment users of the demo world exist when a way begins.
"""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from koss.bulk import sets
from koss.ground import clock
from payments.demo import payers
from tests.api import csv_files
from tests.apply import walk
from tests.signing_in import signs_in_to_my_page
from tests.ways import html_of, opens, presses, selects

_NEW_PASSWORD, _NEXT_PASSWORD = "Atarashii-2026", "Tsugi-no-2026"
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


def _changes_the_password(person):
    _is_issued(person)  # a user of its own: the others sign in with the password they have
    user_id = re.search(r"\bKN[A-Z]{2}[0-9]{4}\b", html_of(person))[0]
    person.opens("/mypage/password/")
    person.fills("納付利用者ID", user_id)
    person.fills("現在のパスワード", _NEW_PASSWORD)
    person.fills("新しいパスワード", _NEXT_PASSWORD)
    person.fills("新しいパスワード（確認用）", _NEXT_PASSWORD)
    person.presses("変更")


def _makes_a_key(person):
    _my_page("APIキー", "APIキーを作成する")(person)
    person.fills("名前", "事務所の一括利用者システム")
    person.ticks("申請の状況を読む")
    person.presses("APIキーを作成する")


def _of_a_key(act):
    def way(person):
        _makes_a_key(person)
        person.presses("APIキーの一覧へ戻る")
        newest = re.search(rf'href="(/mypage/[^/"]+/keys/[0-9]+/{act}/)"', html_of(person))[1]
        person.opens(newest)

    return way


def _key_of_nobody(person):
    signs_in_to_my_page(person)
    person.opens(f"{person.path}keys/999999/end/")


def _registers_a_webhook(person, address="https://hooks.koss.example/another", name="Another"):
    _my_page("Webhookの通知先", "通知先を登録する")(person)
    person.fills("名前", name)
    person.fills("通知先のアドレス", address)
    person.presses("通知先を登録する")


def _of_a_webhook(*words):
    def way(person):
        _my_page("Webhookの通知先")(person)
        if not person.can_press("Receiver"):  # no more than a few can be registered
            _registers_a_webhook(person, "https://hooks.koss.example/in", "Receiver")
        _my_page("Webhookの通知先", "Receiver", *words)(person)

    return way


def _webhook_of_nobody(person):
    signs_in_to_my_page(person)
    person.opens(f"{person.path}hooks/{'0' * 32}/")


def _hands_in_a_file(reference):
    """A file of one application that is good but for what ``reference`` may be."""

    def way(person):
        _my_page("CSVファイルで一括申請する")(person)
        file = SimpleUploadedFile("a.csv", csv_files.a_file({"reference": reference}))
        walk.posts(person, person.path, {"file": file})

    return way


def _sees_a_set(person):
    _my_page("CSVファイルで一括申請する")(person)
    user = payers.payment_user()
    sent = sets.receive_now(user, [{"reference": "A-1", "procedure": "x"}], now=clock.now())
    sets.work(sent)
    person.opens(f"{person.path}{sent.number}/")


def _sets_the_bulk_password(person):
    _my_page("一括利用者パスワード初期化")(person)
    person.fills("新しいパスワード", _NEW_PASSWORD)
    person.fills("新しいパスワード（確認用）", _NEW_PASSWORD)
    person.presses("初期化")


WAYS = [
    ("payment login", opens("/payment/login/"), 200),
    ("my page login", opens("/mypage/login/"), 200),
    ("my page login, wrong", _tries("KNZZ9999", "wrong"), 200),
    ("my page login, locked", _tries(payers.LOCKED, payers.PASSWORD), 403),
    ("password change", opens("/mypage/password/"), 200),
    ("password change, expired", _tries(payers.EXPIRED, payers.PASSWORD), 200),
    ("password changed", _changes_the_password, 200),
    ("password reset", opens("/mypage/reset/"), 200),
    ("password reset, asked", _asks_for_a_reset, 200),
    ("password reset, dead link", opens("/mypage/reset/link/nobodys/"), 404),
    ("issuing IDs", opens("/mypage/issue/"), 200),
    ("issuing IDs: check", _fills_in_details, 200),
    ("issuing IDs: done", _is_issued, 200),
    ("my page", _my_page(), 200),
    ("my page: no applications", _my_page("申請一覧"), 200),
    ("my page: how news come", _my_page("お知らせの受け取り方"), 200),
    (
        "my page: calendar",
        _my_page("お知らせの受け取り方", "カレンダーのアドレスを作る"),
        200,
    ),
    ("my page: history", _my_page("すべての履歴を見る"), 200),
    ("my page: details", _my_page("利用者情報変更"), 200),
    ("my page: details with an error", _mistypes_a_detail, 200),
    ("my page: details, check", _changes_a_detail(), 200),
    ("my page: details, done", _changes_a_detail("変更"), 200),
    ("my page: bulk password", _my_page("一括利用者パスワード初期化"), 200),
    ("my page: bulk password, error", _my_page("一括利用者パスワード初期化", "初期化"), 200),
    ("my page: bulk password, done", _sets_the_bulk_password, 200),
    ("my page: API keys", _my_page("APIキー"), 200),
    ("my page: new API key", _my_page("APIキー", "APIキーを作成する"), 200),
    ("my page: new API key, error", _my_page("APIキー", *["APIキーを作成する"] * 2), 200),
    ("my page: API key, made", _makes_a_key, 200),
    ("my page: API key, a new one for it", _of_a_key("new"), 200),
    ("my page: API key, ended", _of_a_key("end"), 200),
    ("my page: API key that is gone", _key_of_nobody, 409),
    ("my page: webhooks", _my_page("Webhookの通知先"), 200),
    ("my page: new webhook", _my_page("Webhookの通知先", "通知先を登録する"), 200),
    (
        "my page: new webhook, error",
        lambda person: _registers_a_webhook(person, "http://127.0.0.1/"),
        200,
    ),
    ("my page: webhook, its secret", _registers_a_webhook, 200),
    ("my page: webhook", _of_a_webhook(), 200),
    ("my page: webhook, a new secret", _of_a_webhook("新しい鍵に切り替える"), 200),
    ("my page: webhook, a message", _of_a_webhook("試しに送る"), 200),
    ("my page: webhook with a message", _of_a_webhook("試しに送る", "通知先へ戻る"), 200),
    ("my page: webhook, deleting", _of_a_webhook("通知先を削除する"), 200),
    ("my page: webhooks, one", _of_a_webhook("通知先の一覧へ戻る"), 200),
    ("my page: webhook of nobody", _webhook_of_nobody, 404),
    ("my page: sets", _my_page("CSVファイルで一括申請する"), 200),
    ("my page: sets without a file", _my_page("CSVファイルで一括申請する", _CHECK), 200),
    ("my page: a file with faults", _hands_in_a_file("A 1"), 200),
    ("my page: a file without", _hands_in_a_file("A-1"), 200),
    ("my page: a set", _sees_a_set, 200),
    ("my page: new account", _my_page("地方税ダイレクト納付口座新規作成"), 200),
    ("my page: new account, error", _my_page("国庫金ダイレクト納付口座新規作成", _CHECK), 200),
    ("my page: new account, check", _fills_in_an_account, 200),
    ("my page: account", _sees_an_account, 200),
    ("my page: check a file", _my_page("まとめ納付管理ファイルの確認", _CHECK), 200),
]
# A browser hands files in by its own window, and has no hands in the portal's rows.
