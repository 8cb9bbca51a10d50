"""納付ログイン, マイページログイン, パスワード変更: answers, locks, expiry, handles, idle time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from koss.access import passwords
from koss.ground import clock
from koss.models import OpenHandle
from payments import urls
from payments.demo import payers
from payments.models import AccountKind, PaymentUser, UserEvent
from payments.payer import users
from tests.signing_in import signs_in, signs_in_to_my_page, signs_in_to_pay
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NEW_PASSWORD = "Atarashii-2026"
LOGINS = ["/payment/login/", "/mypage/login/"]
# User and what waits once, source and lock twice; the rest writes: count, record, password, mail,
# handle.
LOGIN_QUERIES = 31
CHANGE_QUERIES = 35


@pytest.fixture(autouse=True)
def user(settings):
    settings.KOSS_PASSWORD_WAITS = []
    return payers.payment_user(bulk_id=payers.BULK_ID)


def types(visitor, user_id, password, *, login="/mypage/login/"):
    visitor.opens(login)
    visitor.fills("納付利用者ID", user_id)
    visitor.fills("納付利用者パスワード", password)
    visitor.presses("ログイン")


def types_change(visitor, *, user_id="KNAB1234", current=payers.PASSWORD, new=NEW_PASSWORD):
    visitor.fills("納付利用者ID", user_id)
    visitor.fills("現在のパスワード", current)
    visitor.fills("新しいパスワード", new)
    visitor.fills("新しいパスワード（確認用）", new)
    visitor.presses("変更")


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("user_id", ["KNAB1234", "KNZZ9999"], ids=["known", "unknown"])
def test_known_and_unknown_ids_get_the_same_answers(visitor, login, user_id):
    answers = []
    for _ in range(6):
        types(visitor, user_id, "wrong", login=login)
        assert visitor.field("納付利用者ID")["value"] == user_id
        answers.append((visitor.status, "正しくありません" in visitor.page.text))

    assert answers == [(200, True)] * 4 + [(403, False)] * 2
    visitor.sees("ロックされています", "パスワード初期化")


def test_locks_waits_and_staff_say_the_same_for_both(visitor, settings):
    settings.KOSS_PASSWORD_WAITS = [60]
    pages = []
    for user_id in ("KNAB1234", "KNZZ9999"):
        types(visitor, user_id, "wrong")
        types(visitor, user_id, "wrong")
        assert visitor.status == 429
        pages.append(len(visitor.html))
    assert pages[0] == pages[1]


def test_a_lock_set_by_staff_looks_like_a_lock(visitor, user):
    types(visitor, "KNZZ9999", "x")
    passwords.set_failures(users.LOCK_KIND, "KNZZ9999", 5, now=clock.now())
    types(visitor, "KNZZ9999", payers.PASSWORD)
    locked = (visitor.status, visitor.page.text.replace("KNZZ9999", ""))
    PaymentUser.objects.update(staff_locked_at=clock.now())

    types(visitor, "KNAB1234", payers.PASSWORD)
    assert (visitor.status, visitor.page.text.replace("KNAB1234", "")) == locked


@pytest.mark.parametrize("typed", ["ＫＮＡＢ１２３４", " knab1234 ", "KNAB1234"])
def test_the_id_may_be_typed_wide_or_small(visitor, typed):
    types(visitor, typed, payers.PASSWORD)
    visitor.sees("利用者情報更新日時")


@pytest.mark.parametrize("typed", ["KIAB1234", "KNAB123", "KNAB12345", "1234", "ＫＮあい１２３４"])
def test_what_is_no_id_is_said_beside_the_field(visitor, typed):
    types(visitor, typed, payers.PASSWORD)

    visitor.sees("KNで始まる英数字8文字")
    assert visitor.field("納付利用者ID")["value"] == typed
    assert not UserEvent.objects.exists()


@pytest.mark.databases
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("login", [*LOGINS, "/mypage/password/"])
def test_forty_guesses_at_once_are_checked_exactly_five_times(login, monkeypatch, settings):
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 60)
    data = {"user_id": "KNAB1234", "password": "wrong", "current_password": "wrong"}
    data |= {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}

    def guess(_):
        try:
            return Client().post(login, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        codes = list(threads.map(guess, range(40)))

    # A try that came a moment too early was told to wait, and not counted.
    assert codes.count(200) == 4
    assert set(codes) <= {200, 403, 429}
    assert UserEvent.objects.count() == 5


def test_only_a_reset_lifts_the_lock(visitor):
    for _ in range(5):
        types(visitor, "KNAB1234", "wrong")
    types(visitor, "KNAB1234", payers.PASSWORD, login="/payment/login/")
    visitor.sees("ロックされています")
    visitor.opens("/mypage/password/")
    types_change(visitor)
    assert visitor.status == 403
    visitor.sees("ロックされています")

    passwords.forgive(users.LOCK_KIND, "KNAB1234")
    signs_in_to_my_page(visitor)


@pytest.mark.parametrize(("days", "enters"), [(59, True), (60, False), (61, False)])
@pytest.mark.parametrize(
    ("login", "first"), [(LOGINS[0], "納付メニュー"), (LOGINS[1], "マイページ")]
)
def test_sixty_days(visitor, days, enters, login, first):
    with time_machine.travel(clock.system_now() + days * DAY, tick=False):
        types(visitor, "KNAB1234", payers.PASSWORD, login=login)

        if enters:
            visitor.sees(first, f"あと{60 - days}日です")
            return
        visitor.sees("パスワード変更", "60日の有効期間を過ぎています")
        assert visitor.field("納付利用者ID")["value"] == "KNAB1234"
        types_change(visitor, current="wrong")
        visitor.sees("60日の有効期間を過ぎています", "正しくありません")
        types_change(visitor)
        visitor.presses("ログインへ戻る")
        assert visitor.path == login
        types(visitor, "KNAB1234", NEW_PASSWORD, login=login)
        visitor.sees(first)
        visitor.does_not_see("有効期限まで")


@pytest.mark.parametrize("enter", [signs_in_to_pay, signs_in_to_my_page])
def test_the_end_is_announced_from_seven_days_before_it(visitor, user, enter):
    end = user.password_expires_at()
    with time_machine.travel(end - 7 * DAY - timedelta(seconds=1), tick=False):
        enter(visitor)
        visitor.does_not_see("有効期限")
    with time_machine.travel(end - 7 * DAY, tick=False):
        enter(visitor)
        visitor.sees("有効期限まで、あと7日です")
    with time_machine.travel(clock.at(clock.day(end)), tick=False):
        enter(visitor)
        visitor.sees("有効期限は本日までです")
        visitor.presses("パスワードを変更する")
        visitor.sees("現在のパスワード")


def private_addresses():
    """Every address behind one of the two logins: (area, name, its arguments beside the handle)."""
    for entry in urls.urlpatterns:
        text = str(entry.pattern)
        own = text.startswith(("payment/<slug:handle>/", "mypage/<slug:handle>/"))
        if not own or text.endswith("/end/"):
            continue
        rest = {
            name: "national" if name == "kind" else "1"
            for name in entry.pattern.converters
            if name != "handle"
        }
        yield text.split("/")[0], entry.name, rest


PRIVATE = list(private_addresses())


@pytest.mark.parametrize("area", ["payment", "mypage"])
def test_an_expired_password_reaches_nothing_but_the_change(visitor, area):
    enter = signs_in_to_pay if area == "payment" else signs_in_to_my_page
    handle = enter(visitor).split("/")[2]
    PaymentUser.objects.update(password_set_at=clock.now() - 60 * DAY)
    reached = []
    for _area, name, rest in (each for each in PRIVATE if each[0] == area):
        path = reverse(f"payments:{name}", kwargs={"handle": handle, **rest})
        for method in ("get", "post"):
            response = getattr(visitor.client, method)(path)
            if response.status_code == 405:
                continue
            if name == "paid_return":  # who comes back from the bank is told to sign in
                templates = [template.name for template in response.templates]
                turned_away = "payments/pay/returned_stranger.html" in templates
            else:
                to_the_change = response.get("Location", "").startswith("/mypage/password/?for=")
                turned_away = response.status_code == 302 and to_the_change
            if not turned_away:
                reached.append(f"{method} {name}: {response.status_code}")

    assert reached == []


def test_there_are_private_addresses_of_both_kinds():
    areas = [area for area, _name, _rest in PRIVATE]
    assert areas.count("payment") > 10
    assert areas.count("mypage") > 10
    with pytest.raises(NoReverseMatch):
        reverse("payments:my_page")


def test_a_new_password_ends_all_other_sessions(visitor):
    elsewhere, paying = Visitor(), Visitor()
    page = signs_in_to_my_page(elsewhere)
    menu = signs_in_to_pay(paying)

    visitor.opens("/mypage/password/")
    types_change(visitor)

    elsewhere.opens(page)
    assert elsewhere.path == "/mypage/login/"
    paying.opens(menu)
    assert paying.path == "/payment/login/"


def test_a_lock_by_staff_ends_the_sessions(visitor):
    page = signs_in_to_my_page(visitor)
    PaymentUser.objects.update(staff_locked_at=clock.now())

    visitor.opens(page)
    assert visitor.path == "/mypage/login/"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"new": "Ab1"}, "8文字以上64文字以内"),
        ({"new": "aaaaaaaaaa"}, "2種類以上"),
        ({"new": "KNAB1234"}, "IDと同じ"),
        ({"new": "password1"}, "推測されやすい"),
        ({"new": payers.PASSWORD}, "いまと異なる"),
    ],
)
def test_a_bad_new_password_is_said_and_not_counted(visitor, change, said):
    visitor.opens("/mypage/password/")
    types_change(visitor, **change)

    assert visitor.status == 200
    visitor.sees(said)
    assert visitor.field("納付利用者ID")["value"] == "KNAB1234"
    assert visitor.field("新しいパスワード")["value"] == ""
    assert not UserEvent.objects.exists()


def test_two_that_differ_are_said(visitor):
    visitor.opens("/mypage/password/")
    visitor.fills("納付利用者ID", "KNAB1234")
    visitor.fills("現在のパスワード", payers.PASSWORD)
    visitor.fills("新しいパスワード", NEW_PASSWORD)
    visitor.fills("新しいパスワード（確認用）", NEW_PASSWORD + "x")
    visitor.presses("変更")

    visitor.sees("一致していません")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(passwords.Busy, 429, "混み合っています"), (users.Stale, 409, "先ほど変更されました")],
)
def test_a_change_that_cannot_be_made_says_so(visitor, monkeypatch, error, status, said):
    def refuse(*args, **more):
        raise error

    monkeypatch.setattr(users, "change_password", refuse)
    visitor.opens("/mypage/password/")
    types_change(visitor)

    assert visitor.status == status
    visitor.sees(said)


@pytest.mark.parametrize("chosen", ["", "?from=nowhere", "?from=my_page", "?from=payment"])
def test_the_change_leads_back_to_the_login_it_came_from(visitor, chosen):
    visitor.opens(f"/mypage/password/{chosen}")
    types_change(visitor)

    login = "/payment/login/" if "payment" in chosen else "/mypage/login/"
    assert visitor.path == "/mypage/password/done/"
    assert f'href="{login}"' in visitor.html


@pytest.mark.parametrize(
    ("page", "instead"),
    [
        ("/mypage/password/done/", "/mypage/password/"),
        ("/mypage/reset/asked/", "/mypage/reset/"),
    ],
)
def test_the_page_of_a_completed_act_is_shown_to_who_did_it_alone(visitor, page, instead):
    visitor.opens("/mypage/password/")
    types_change(visitor)
    visitor.opens("/mypage/reset/")
    visitor.fills("納付利用者ID", "KNZZ9999")
    visitor.presses("初期化")
    assert visitor.client.get("/mypage/reset/asked/").status_code == 200

    stranger = Client().get(page)

    assert (stranger.status_code, stranger.url) == (302, instead)


def test_no_cookie_of_an_earlier_sign_in_opens_the_next_one(visitor):
    stranger = Visitor()
    signs_in_to_my_page(visitor)
    stranger.client.cookies.update(visitor.client.cookies)

    menu = signs_in_to_pay(visitor)

    stranger.opens(menu)
    assert stranger.path == "/payment/login/"


def test_a_handle_works_in_one_browser_and_one_area_only(visitor):
    page = signs_in_to_my_page(visitor)
    menu = signs_in_to_pay(visitor)

    visitor.opens(page.replace("/mypage/", "/payment/") + "menu/")
    assert visitor.path == "/payment/login/"
    visitor.opens("/mypage/" + menu.split("/")[2] + "/")
    assert visitor.path == "/mypage/login/"
    stranger = Visitor()
    signs_in_to_my_page(stranger)
    stranger.opens(page)
    assert stranger.path == "/mypage/login/"


def test_ending_one_leaves_the_others_open(visitor, an_application):
    status = signs_in(visitor, an_application("検査申請審査中"))
    menu = signs_in_to_pay(visitor)
    signs_in_to_my_page(visitor)

    visitor.presses("終了")
    visitor.opens(menu)
    visitor.sees("納付メニュー")
    visitor.presses("終了")
    visitor.opens(status)
    visitor.sees("検査申請審査中")
    visitor.presses("終了")
    assert not OpenHandle.objects.exists()
    assert not any(c.value for name, c in visitor.client.cookies.items() if "koss_open" in name)


def test_closing_the_window_never_causes_an_error_later(visitor):
    signs_in_to_my_page(visitor)  # and closes the window with ×

    page = signs_in_to_my_page(visitor)
    visitor.opens(page)
    assert visitor.status == 200


@pytest.mark.parametrize(
    ("enter", "login"), [(signs_in_to_pay, LOGINS[0]), (signs_in_to_my_page, LOGINS[1])]
)
def test_thirty_idle_minutes_end_it_with_a_page_that_says_so(visitor, enter, login):
    page = enter(visitor)

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        visitor.opens(page)
        assert visitor.status == 403
        visitor.sees("30分")
        visitor.presses("もう一度ログインする")
        assert visitor.path == login
        visitor.opens(page)
        visitor.sees("30分")


def test_nothing_is_half_saved_after_idling(visitor, user):
    signs_in_to_my_page(visitor)
    visitor.presses("利用者情報変更")
    visitor.fills("代表者名", "軽自 花子")
    visitor.presses("内容を確認する")

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        visitor.presses("変更")
        assert visitor.status == 403
    user.refresh_from_db()
    assert user.representative == ""


def test_private_pages_are_never_stored(visitor):
    payers.account(AccountKind.NATIONAL, now=clock.now())
    for enter in (signs_in_to_pay, signs_in_to_my_page):
        enter(visitor)
        assert "no-store" in visitor.response["Cache-Control"]
    visitor.presses("まとめ納付管理ファイル")
    assert "no-store" in visitor.response["Cache-Control"]
    for login in [*LOGINS, "/mypage/password/", "/mypage/reset/", "/mypage/issue/"]:
        assert "no-store" in visitor.client.get(login)["Cache-Control"]


def test_the_queries_of_signing_in(client, django_assert_num_queries):
    typed = {"user_id": "KNAB1234", "password": payers.PASSWORD}
    with django_assert_num_queries(LOGIN_QUERIES):
        assert client.post("/mypage/login/", typed).status_code == 302


def test_the_queries_of_a_change(client, django_assert_num_queries):
    typed = {"user_id": "KNAB1234", "current_password": payers.PASSWORD}
    typed |= {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    with django_assert_num_queries(CHANGE_QUERIES):
        assert client.post("/mypage/password/", typed).status_code == 302
