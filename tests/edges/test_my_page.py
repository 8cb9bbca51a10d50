"""マイページ and what its menu offers."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from koss.access import done, passwords
from koss.ground import clock
from payments.demo import payers
from payments.direct import accounts
from payments.models import AccountKind, AccountState, DirectAccount, EventKind, PaymentUser
from payments.payer import batch_file, users
from payments.payer.credential_forms import CredentialForm, RotationForm
from tests.signing_in import signs_in_to_my_page
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

NEW_PASSWORD = "Atarashii-2026"
DONE = {
    "details/done/": "payments:details_done",
    "bulk-password/done/": "payments:bulk_password_done",
}
# Session and user; マイページ also its accounts and events, ログイン履歴 its count and page.
QUERIES = {
    "": 4,
    "history/": 4,
    "details/": 2,
    "details/done/": 2,
    "bulk-password/": 2,
    "bulk-password/done/": 3,
    "accounts/new/national/": 2,
    "accounts/new/local/": 2,
    "accounts/{account}/": 3,
    "batch-file/check/": 2,
    "batch-file/": 5,
}


@pytest.fixture(autouse=True)
def user():
    return payers.payment_user(bulk_id=payers.BULK_ID)


@pytest.fixture
def page(visitor):
    return signs_in_to_my_page(visitor)


@pytest.mark.parametrize(("path", "queries"), QUERIES.items())
def test_queries(visitor, user, django_assert_num_queries, path, queries):
    page = signs_in_to_my_page(visitor)
    account = payers.account(AccountKind.NATIONAL, now=clock.now())
    for number in (1, 2):
        accounts.apply_for(
            user, AccountKind.LOCAL, now=clock.now(), **typed_account(account_number=f"{number:07}")
        )
        address = page + path.format(account=account.reference)
        if path in DONE:
            name, handle = DONE[path], page.split("/")[2]
            visitor.client.cookies.update(done.lead(name, handle).cookies)
        with django_assert_num_queries(queries):
            assert visitor.client.get(address).status_code == 200


@pytest.mark.parametrize("path", DONE)
def test_who_did_nothing_is_not_told_that_it_is_done(visitor, page, path):
    visitor.opens(page + path)

    assert visitor.path == page + path.removesuffix("done/")


# 利用者情報変更


def test_what_may_be_changed_is_what_the_faq_lists(visitor, page):
    visitor.presses("利用者情報変更")

    visitor.sees_in_order(
        "納付利用者パスワード",
        "パスワード変更",
        "氏名または会社・団体名",
        "代表者名",
        "利用者管理用メールアドレス",
        "申請状況通知用メールアドレス",
    )
    shown = {
        f["name"] for f in visitor.page.all("input") if f["type"] not in {"hidden", "", "search"}
    }
    assert shown == {"name", "name_kana", "representative", "admin_email", "status_email"}
    visitor.presses("パスワード変更")
    visitor.sees("現在のパスワード")


def test_details_are_looked_at_and_then_changed(visitor, page, user):
    visitor.presses("利用者情報変更")
    assert visitor.field("氏名または会社・団体名")["value"] == "軽自 太郎"
    visitor.fills("氏名または会社・団体名", "六本木商事")
    visitor.fills("氏名または会社・団体名（フリガナ）", "ﾛｯﾎﾟﾝｷﾞｼｮｳｼﾞ")
    visitor.fills("代表者名", "六本木 一郎")
    visitor.presses("内容を確認する")
    assert dict(visitor.rows())["氏名または会社・団体名（フリガナ）"] == "ロッポンギショウジ"
    visitor.presses("戻る")
    assert visitor.field("代表者名")["value"] == "六本木 一郎"
    visitor.presses("内容を確認する")
    visitor.presses("変更")
    visitor.sees("利用者情報を変更しました")
    visitor.presses("マイページへ戻る")

    rows = dict(visitor.rows())
    assert (rows["氏名"], rows["代表者名"]) == ("六本木商事", "六本木 一郎")


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("氏名または会社・団体名", "", "氏名または会社・団体名を入力してください。"),
        ("氏名または会社・団体名", "あ" * 101, "100文字以内"),
        ("氏名または会社・団体名（フリガナ）", "軽自", "全角カタカナ"),
        ("利用者管理用メールアドレス", "nobody", "「@」がありません"),
        ("申請状況通知用メールアドレス", "a@b@c", "「@」を一つだけ"),
        ("代表者名", "a\u202eb", "使用できない文字"),
    ],
)
def test_a_bad_detail_is_said_beside_its_field(visitor, page, user, label, typed, said):
    visitor.presses("利用者情報変更")
    visitor.fills(label, typed)
    visitor.presses("内容を確認する")

    assert visitor.status == 200
    visitor.sees(said)
    user.refresh_from_db()
    assert user.updated_at == PaymentUser.objects.get().issued_at


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        (CredentialForm, "scopes", "できることを一つ以上選んでください。"),
        (RotationForm, "overlap", "いまのキーをどうするかを選んでください。"),
        (CredentialForm, "name", "名前を入力してください。"),
    ],
)
def test_a_choice_is_asked_for_in_its_own_words(form, name, said):
    assert form({}).errors[name] == [said]


def test_unchanged_details_are_said(visitor, page, user):
    visitor.presses("利用者情報変更")
    visitor.presses("内容を確認する")

    visitor.sees("変わった項目がありません。")
    assert visitor.field("氏名または会社・団体名")["value"] == user.name


def test_details_that_were_changed_elsewhere_answer_409(visitor, page, user):
    visitor.presses("利用者情報変更")
    visitor.fills("代表者名", "六本木 一郎")
    visitor.presses("内容を確認する")
    later = clock.now() + timedelta(seconds=1)
    users.change_details(user, now=later, name="六本木商事")
    visitor.presses("変更")

    assert visitor.status == 409
    visitor.sees("ほかの画面で変更されています")
    visitor.presses("利用者情報変更")
    assert visitor.field("氏名または会社・団体名")["value"] == "六本木商事"


def test_the_look_is_no_way_in_of_its_own(visitor, page):
    visitor.opens(f"{page}details/check/")
    assert visitor.path == f"{page}details/"
    visitor.opens(f"{page}accounts/new/national/check/")
    assert visitor.path == f"{page}accounts/new/national/"


# 一括利用者パスワード初期化


def test_a_new_bulk_password(visitor, page, user):
    visitor.presses("一括利用者パスワード初期化")
    visitor.fills("新しいパスワード", NEW_PASSWORD)
    visitor.fills("新しいパスワード（確認用）", NEW_PASSWORD)
    visitor.presses("初期化")
    visitor.sees("設定し直しました")
    visitor.presses("マイページへ戻る")

    user.refresh_from_db()
    assert passwords.is_right(NEW_PASSWORD, user.bulk_password)


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("Ab1", "Ab1", "8文字以上"),
        ("KIAB1234", "KIAB1234", "IDと同じ"),
        (NEW_PASSWORD, "x", "一致していません"),
    ],
)
def test_a_bad_bulk_password_is_said(visitor, page, user, first, again, said):
    visitor.presses("一括利用者パスワード初期化")
    visitor.fills("新しいパスワード", first)
    visitor.fills("新しいパスワード（確認用）", again)
    visitor.presses("初期化")

    visitor.sees(said)
    user.refresh_from_db()
    assert user.bulk_password == ""


def test_a_busy_hasher_changes_no_bulk_password(visitor, page, monkeypatch):
    def busy(password):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "encode", busy)
    visitor.presses("一括利用者パスワード初期化")
    visitor.fills("新しいパスワード", NEW_PASSWORD)
    visitor.fills("新しいパスワード（確認用）", NEW_PASSWORD)
    visitor.presses("初期化")

    assert visitor.status == 429
    visitor.sees("混み合っています")


def test_without_a_bulk_id_there_is_nothing_to_set(visitor):
    payers.payment_user("KNZZ0000")
    signs_in_to_my_page(visitor, "KNZZ0000")
    visitor.presses("一括利用者パスワード初期化")

    visitor.sees("一括利用者IDは発行されていません")
    typed = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert visitor.client.post(visitor.path, typed).status_code == 200
    assert PaymentUser.objects.get(user_id="KNZZ0000").bulk_password == ""


# ダイレクト納付口座


def typed_account(**changes):
    return {
        "bank": "0101",
        "branch": "002",
        "account_type": "ordinary",
        "account_number": "1000001",
        "holder_kana": "ケイジ タロウ",
    } | changes


def fills_in_an_account(visitor, **changes):
    typed = typed_account(**changes)
    visitor.fills("金融機関", typed["bank"])
    visitor.fills("本支店", typed["branch"])
    visitor.chooses({"ordinary": "普通", "current": "当座"}[typed["account_type"]])
    visitor.fills("口座番号", typed["account_number"])
    visitor.fills("口座名義（フリガナ）", typed["holder_kana"])
    visitor.presses("内容を確認する")


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("国庫金ダイレクト納付口座新規作成", "国庫金ダイレクト納付口座情報"),
        ("地方税ダイレクト納付口座新規作成", "地方税ダイレクト納付口座情報"),
    ],
)
def test_a_new_account_is_confirmed_by_the_bank(visitor, page, name, section):
    visitor.presses(name)
    fills_in_an_account(visitor, branch="００２", holder_kana="ｹｲｼﾞ ﾀﾛｳ")
    visitor.sees_in_order(name, "東京三葉銀行", "002", "普通", "1000001", "ケイジ タロウ")
    visitor.presses("戻る")
    assert visitor.field("口座番号")["value"] == "1000001"
    visitor.presses("内容を確認する")
    visitor.presses("申し込む")
    visitor.sees("口座情報詳細", "金融機関に確認中", "ケイジ タロウ")

    accounts.confirm(DirectAccount.objects.get(), now=clock.now())
    visitor.presses("最新の情報に更新")
    visitor.sees(str(AccountState.ACTIVE.label), "中央支店")
    visitor.presses("マイページへ戻る")
    _headings, [row] = visitor.table(section)
    assert row[1:4] == ["ケイジ タロウ", "東京三葉銀行", "中央支店"]
    assert row[5] == str(AccountState.ACTIVE.label)


def test_a_refused_account_says_why(visitor, page, bank):
    visitor.presses("国庫金ダイレクト納付口座新規作成")
    fills_in_an_account(visitor)
    visitor.presses("申し込む")
    bank.refuses = "holder_differs"
    accounts.confirm(DirectAccount.objects.get(), now=clock.now())
    visitor.presses("最新の情報に更新")

    visitor.sees(
        str(AccountState.REFUSED.label), "口座名義が、金融機関に登録されているものと異なります。"
    )
    assert dict(visitor.rows())["金融機関名"] == "東京三葉銀行"
    visitor.presses("申し込み直す")
    visitor.sees("国庫金ダイレクト納付口座新規作成")


def test_an_account_applied_for_before_is_shown_as_such(visitor, page):
    for _time in range(2):
        visitor.opens(f"{page}accounts/new/national/")
        fills_in_an_account(visitor)
        visitor.presses("申し込む")

    visitor.sees("この口座は、すでに申し込まれています。")
    visitor.presses("最新の情報に更新")
    visitor.does_not_see("すでに申し込まれています")
    assert DirectAccount.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bank": ""}, "金融機関を選んでください。"),
        ({"branch": "2"}, "本支店は3桁の数字"),
        ({"account_number": "12345678"}, "口座番号は7桁の数字"),
        ({"account_number": "123456a"}, "口座番号は数字で"),
        ({"holder_kana": "軽自 太郎"}, "使用できない文字が入っています：「軽」"),
        ({"holder_kana": "ガ" * 30}, "48文字以内"),
        ({"holder_kana": ""}, "口座名義（フリガナ）を入力してください。"),
    ],
)
def test_a_bad_account_is_said_beside_its_field(visitor, page, change, said):
    visitor.presses("国庫金ダイレクト納付口座新規作成")
    fills_in_an_account(visitor, **change)

    visitor.sees(said)
    assert not DirectAccount.objects.exists()


def test_there_are_two_kinds_of_account(visitor, page):
    visitor.opens(f"{page}accounts/new/other/")
    assert visitor.status == 404


def test_the_account_of_another_user_is_not_found(visitor, page):
    other = payers.payment_user("KNZZ0000")
    theirs = accounts.apply_for(other, AccountKind.NATIONAL, now=clock.now(), **typed_account())

    visitor.opens(f"{page}accounts/{theirs.reference}/")
    assert visitor.status == 404
    visitor.opens(f"{page}accounts/nobodys/")
    assert visitor.status == 404
    assert theirs.state == AccountState.WAITING


# まとめ納付管理ファイル


def checks(visitor, page, content):
    file = SimpleUploadedFile("file.json", content)
    response = visitor.client.post(f"{page}batch-file/check/", {"file": file})
    assert response.status_code == 200
    return response.content.decode()


def test_whose_a_file_is(visitor, page, user):
    other = payers.payment_user("KNZZ0000")
    for each in (user, other):
        _name, packed = batch_file.make(each, clock.now())
        assert each.user_id in checks(visitor, page, packed)


def test_why_a_file_is_refused(visitor, page, user):
    _name, packed = batch_file.make(user, clock.now())
    facts = json.loads(packed)

    def told(**changes):
        return checks(visitor, page, json.dumps(facts | changes).encode())

    assert "書き換えられた" in told(payment_user_id="KNZZ0000")
    assert "このポータルサイトが発行した" in told(issuer="https://other.example")
    assert "読み取れません" in checks(visitor, page, b"\x00\xff")
    assert "読み取れません" in checks(visitor, page, b"")
    assert "16キロバイト以下" in checks(visitor, page, b"x" * (16 * 1024 + 1))
    _name, old = batch_file.make(user, clock.now() - timedelta(days=366))
    assert "有効期限を過ぎた" in checks(visitor, page, old)


@pytest.mark.parametrize("sent", [{}, {"file": "text"}])
def test_a_file_has_to_be_chosen(visitor, page, sent):
    response = visitor.client.post(f"{page}batch-file/check/", sent)

    assert "確認するファイルを選んでください。" in response.content.decode()


def test_the_file_is_the_signed_in_users_own(visitor):
    payers.payment_user("KNZZ0000")
    first, second = signs_in_to_my_page(visitor), signs_in_to_my_page(visitor, "KNZZ0000")
    for page, user_id in ((first, "KNAB1234"), (second, "KNZZ0000")):
        content = visitor.client.get(f"{page}batch-file/").content
        assert json.loads(content)["payment_user_id"] == user_id
        assert user_id not in page


# ログイン履歴


def test_the_history_shows_logins_and_failures(visitor):
    stranger = Visitor()
    stranger.opens("/mypage/login/")
    stranger.fills("納付利用者ID", "KNAB1234")
    stranger.fills("納付利用者パスワード", "wrong")
    stranger.presses("ログイン")
    signs_in_to_my_page(visitor)
    _headings, rows = visitor.table("ログイン履歴")
    assert [row[1:] for row in rows] == [
        ["マイページログイン", "127.0.0.1"],
        ["ログイン失敗", "127.0.0.1"],
    ]
    visitor.presses("すべての履歴を見る")
    assert visitor.table("ログイン履歴")[1] == rows


def test_a_long_history_has_pages(visitor, page, user):
    user.events.bulk_create(
        user.events.model(user=user, kind=EventKind.MY_PAGE_LOGIN, at=clock.now())
        for _ in range(120)
    )
    visitor.opens(f"{page}history/?page=3")
    assert len(visitor.table("ログイン履歴")[1]) == 21
    visitor.opens(f"{page}history/?page=junk")
    assert len(visitor.table("ログイン履歴")[1]) == 50
