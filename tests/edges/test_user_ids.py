"""利用者IDの発行, and パスワード初期化."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from koss.access import passwords
from koss.ground import clock
from koss.models import OutgoingMail
from payments.demo import payers
from payments.models import PaymentUser
from payments.payer import resets, users
from tests.staff import signed_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

PASSWORD = "Hajimete-2026"
NEW_PASSWORD = "Atarashii-2026"
RESET_QUERIES = 5  # its source, locked and counted, and the task


def fills_in_details(visitor, **changes):
    visitor.opens("/mypage/issue/")
    typed = {
        "氏名または会社・団体名": "六本木商事",
        "氏名または会社・団体名（フリガナ）": "ロッポンギショウジ",
        "代表者名": "六本木 一郎",
        "利用者管理用メールアドレス": "kanri@roppongi.example",
        "申請状況通知用メールアドレス": "jokyo@roppongi.example",
    }
    for label, value in (typed | changes).items():
        visitor.fills(label, value)
    visitor.presses("内容を確認する")


def fills_in_passwords(visitor, *, bulk=False, first=PASSWORD, again=PASSWORD):
    visitor.fills("納付利用者パスワード", first)
    visitor.fills("納付利用者パスワード（確認用）", again)
    if bulk:
        visitor.ticks("一括利用者IDも発行する")
        visitor.fills("一括利用者パスワード", NEW_PASSWORD)
        visitor.fills("一括利用者パスワード（確認用）", NEW_PASSWORD)
    visitor.presses("発行")


def test_the_same_form_sent_twice_issues_one_id_and_shows_it_again(visitor):
    fills_in_details(visitor)
    [form] = [form for form in visitor.page.all("form") if form["action"].endswith("check/")]
    sent = {field["name"]: field["value"] for field in form.all("input")}
    sent |= {"password": PASSWORD, "password_again": PASSWORD}
    sent.pop("bulk")

    for _ in range(2):
        answer = visitor.client.post(form["action"], sent, follow=True)
        assert PaymentUser.objects.get().user_id in answer.content.decode()

    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("bulk", [False, True])
def test_ids_are_issued_shown_and_mailed(visitor, bulk):
    fills_in_details(visitor)
    visitor.sees("六本木商事", "kanri@roppongi.example")
    fills_in_passwords(visitor, bulk=bulk)

    made = PaymentUser.objects.get()
    rows = dict(visitor.rows())
    assert rows["納付利用者ID"] == made.user_id
    assert rows.get("一括利用者ID", "") == made.bulk_id
    assert bool(made.bulk_id) is bulk
    assert made.user_id not in visitor.path
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.facts["user_id"]) == ("kanri@roppongi.example", made.user_id)

    visitor.presses("マイページログイン")
    visitor.fills("納付利用者ID", made.user_id)
    visitor.fills("納付利用者パスワード", PASSWORD)
    visitor.presses("ログイン")
    visitor.sees("六本木商事", "ロッポンギショウジ")


def test_the_ids_are_shown_in_this_browser_only(visitor):
    fills_in_details(visitor)
    fills_in_passwords(visitor)
    page = visitor.path

    stranger = Visitor()
    stranger.opens(page)
    assert stranger.status == 404


def test_back_keeps_what_was_typed(visitor):
    fills_in_details(visitor)
    visitor.presses("戻る")

    assert visitor.field("代表者名")["value"] == "六本木 一郎"
    assert not PaymentUser.objects.exists()


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("Ab1", "Ab1", "8文字以上"),
        (PASSWORD, "x", "一致していません"),
        ("", "", "納付利用者パスワードを入力してください。"),
    ],
)
def test_a_bad_password_is_said_and_issues_nothing(visitor, first, again, said):
    fills_in_details(visitor)
    fills_in_passwords(visitor, first=first, again=again)

    visitor.sees(said, "六本木商事")
    assert not PaymentUser.objects.exists()
    fills_in_passwords(visitor)
    assert PaymentUser.objects.exists()


def test_a_bulk_id_needs_a_password_of_its_own(visitor):
    fills_in_details(visitor)
    visitor.fills("納付利用者パスワード", PASSWORD)
    visitor.fills("納付利用者パスワード（確認用）", PASSWORD)
    visitor.ticks("一括利用者IDも発行する")
    visitor.presses("発行")

    visitor.sees("一括利用者パスワードを入力してください。")
    assert not PaymentUser.objects.exists()


def test_a_password_for_a_bulk_id_that_was_not_ticked_issues_nothing(visitor):
    fills_in_details(visitor)
    visitor.fills("納付利用者パスワード", PASSWORD)
    visitor.fills("納付利用者パスワード（確認用）", PASSWORD)
    visitor.fills("一括利用者パスワード", "Ikkatsu-2026")
    visitor.presses("発行")

    visitor.sees("「一括利用者IDも発行する」が選ばれていません。")
    assert not PaymentUser.objects.exists()


@pytest.mark.parametrize(
    ("label", "typed", "says"),
    [
        ("利用者管理用メールアドレス", "x", "利用者管理用メールアドレスに「@」がありません。"),
        ("申請状況通知用メールアドレス", "a@gmail.con", "「gmail.com」ではありませんか。"),
        (
            "代表者名",
            "軽自　太郎\u200b",
            "代表者名に使用できない文字が入っています：ゼロ幅スペース",
        ),
        ("代表者名", "😀", "絵文字・記号「😀」（U+1F600）"),
    ],
)
def test_a_bad_detail_is_said(visitor, label, typed, says):
    fills_in_details(visitor, **{label: typed})

    visitor.sees(says)
    assert visitor.field("氏名または会社・団体名")["value"] == "六本木商事"


def test_details_are_looked_at_again_when_they_are_sent(visitor):
    response = visitor.client.post("/mypage/issue/check/", {"password": PASSWORD})

    assert response.status_code == 200
    assert not PaymentUser.objects.exists()


def test_a_source_that_had_many_is_told_so(visitor, settings):
    settings.KOSS_ISSUES_PER_SOURCE = 1
    fills_in_details(visitor)
    fills_in_passwords(visitor)
    fills_in_details(visitor)
    fills_in_passwords(visitor)

    assert visitor.status == 429
    visitor.sees("発行が多いため")
    assert PaymentUser.objects.count() == 1


def test_a_busy_hasher_issues_nothing(visitor, monkeypatch):
    def busy(password):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "encode", busy)
    fills_in_details(visitor)
    fills_in_passwords(visitor)

    assert visitor.status == 429
    assert not PaymentUser.objects.exists()


# パスワード初期化


def asks(visitor, user_id):
    visitor.opens("/mypage/login/")
    visitor.presses("パスワード初期化")
    visitor.fills("納付利用者ID", user_id)
    visitor.presses("初期化")


@pytest.fixture
def link():
    """The path in the mail that was sent to KNAB1234."""
    payers.payment_user()
    resets.ask("KNAB1234", now=clock.now(), source="")
    return urlsplit(OutgoingMail.objects.latest("pk").facts["link"]).path


def types_new(visitor, password=NEW_PASSWORD):
    visitor.fills("新しいパスワード", password)
    visitor.fills("新しいパスワード（確認用）", password)
    visitor.presses("初期化")


def test_the_answer_is_the_same_for_every_id(visitor, django_assert_num_queries):
    payers.payment_user()
    answers = []
    for user_id in ("KNAB1234", "KNZZ9999"):
        asks(visitor, user_id)
        assert visitor.status == 200
        answers.append(visitor.page.text)
        with django_assert_num_queries(RESET_QUERIES):
            visitor.client.post("/mypage/reset/", {"user_id": user_id})

    assert answers[0] == answers[1]
    visitor.sees("利用者管理用メールアドレス", "30分以内")


def test_a_forged_host_is_refused_and_gets_into_no_mail(settings):
    response = Client().post(
        "/mypage/reset/", {"user_id": "KNAB1234"}, headers={"host": "evil.example"}
    )

    assert response.status_code == 400


def test_the_link_sets_a_password_and_lifts_the_lock(visitor, link):
    passwords.set_failures(users.LOCK_KIND, "KNAB1234", 5, now=clock.now())
    visitor.opens(link)
    visitor.sees("パスワード初期化", "新しいパスワード")
    types_new(visitor)
    visitor.sees("パスワード変更結果通知")
    visitor.presses("ログインへ戻る")
    visitor.fills("納付利用者ID", "KNAB1234")
    visitor.fills("納付利用者パスワード", NEW_PASSWORD)
    visitor.presses("ログイン")
    visitor.sees("利用者情報更新日時")

    visitor.opens(link)
    assert visitor.status == 404
    visitor.sees("このページは使えません")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("Ab1", "8文字以上"), ("KNAB1234", "IDと同じ"), (payers.PASSWORD, "いまと異なる")],
)
def test_a_bad_password_leaves_the_link_alive(visitor, link, typed, said):
    visitor.opens(link)
    types_new(visitor, typed)
    visitor.sees(said)
    types_new(visitor)
    visitor.sees("パスワード変更結果通知")


def test_a_busy_hasher_leaves_the_link_alive(visitor, link, monkeypatch):
    def busy(*args):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "is_right", busy)
    visitor.opens(link)
    types_new(visitor)

    assert visitor.status == 429
    visitor.sees("混み合っています")


def test_no_member_of_staff_can_read_the_link(link):
    mail = OutgoingMail.objects.latest("pk")
    for role in ("reviewer", "operator"):
        client = signed_in(role)
        for path in ("", f"{mail.pk}/change/"):
            page = client.get(f"/admin/koss/outgoingmail/{path}", follow=True).content.decode()
            assert "パスワード初期化のご案内" in page
            assert link not in page


def test_a_link_nobody_sent_is_dead(visitor):
    visitor.opens("/mypage/reset/link/" + "x" * 43 + "/")

    assert visitor.status == 404
    assert not re.search(r"KN[A-Z]{2}\d{4}", visitor.html)
