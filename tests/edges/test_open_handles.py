"""What one browser has open: many tabs at once, what has ended and why, and what is left behind."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from applications.inquiry import signing_in
from koss.access import handles
from koss.ground import clock
from koss.models import OpenHandle
from payments.demo import payers
from tests.pages import read
from tests.signing_in import let_in, signs_in, signs_in_to_my_page
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db


def page_of(handle):
    return f"/status/{handle}/"


def test_a_sign_in_leaves_the_forms_of_other_tabs_good(an_application):
    client = Client(enforce_csrf_checks=True)
    visitor, other_tab = Visitor(client), Visitor(client)
    application = an_application("検査申請審査中")
    other_tab.opens("/status/login/")

    signs_in(visitor, application)
    other_tab.fills("受付番号（到達番号）", application.receipt_number)
    other_tab.presses("次へ")

    other_tab.sees("申請用パスワード")


def test_many_inquiries_stay_open_side_by_side(visitor, an_application):
    application = an_application("検査申請審査中")
    opened = [
        let_in(visitor.client, signing_in.open_inquiry, application) for _ in range(handles.AT_MOST)
    ]

    assert {visitor.client.get(page_of(handle)).status_code for handle in opened} == {200}


def test_the_one_that_makes_room_says_so(visitor, an_application):
    application = an_application("検査申請審査中")
    start = clock.system_now()
    opened = []
    for number in range(handles.AT_MOST + 1):
        with time_machine.travel(start + timedelta(seconds=number)):
            opened.append(let_in(visitor.client, signing_in.open_inquiry, application))

    first, *others = opened
    visitor.opens(page_of(first))
    assert visitor.status == 403
    visitor.sees("同時に開いておける画面は50件まで", "もう一度ログインする")
    assert {visitor.client.get(page_of(handle)).status_code for handle in others} == {200}


def test_what_opens_nothing_more_makes_room_first(visitor, an_application):
    application = an_application("検査申請審査中")
    used = let_in(visitor.client, signing_in.open_inquiry, application)
    idle = [
        let_in(visitor.client, signing_in.open_inquiry, application)
        for _ in range(handles.AT_MOST - 1)
    ]
    start = clock.system_now()
    for minutes in (20, 40):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            visitor.opens(page_of(used))

    with time_machine.travel(start + timedelta(minutes=41)):
        let_in(visitor.client, signing_in.open_inquiry, application)
        assert visitor.client.get(page_of(used)).status_code == 200
        visitor.opens(page_of(idle[0]))
        visitor.sees("30分")


@pytest.mark.parametrize(
    ("act", "said"), [(False, "開こうとした画面は"), (True, "受け付けていません")]
)
def test_a_lost_inquiry_is_said_at_the_login(visitor, an_application, act, said):
    page = signs_in(visitor, an_application("検査申請補正待ち"))
    visitor.presses("申請を取り下げる")
    visitor.client.cookies.clear()  # the browser was closed

    if act:
        visitor.presses("OK")
    else:
        visitor.opens(page)

    assert visitor.path == "/status/login/"
    visitor.sees(said, "もう一度ログイン")
    assert OpenHandle.objects.count() == 1


def test_a_lost_my_page_is_said_at_its_login(visitor):
    payers.payment_user()
    signs_in_to_my_page(visitor)
    visitor.presses("利用者情報変更")
    visitor.client.cookies.clear()

    visitor.presses("内容を確認する")

    assert visitor.path == "/mypage/login/"
    visitor.sees("受け付けていません")


@pytest.mark.parametrize(
    "address", ["/status/login/", "/payment/login/?lost=", "/mypage/login/?lost=x"]
)
def test_a_visitor_who_lost_nothing_is_told_nothing(visitor, address):
    visitor.opens(address)

    visitor.does_not_see("使えなくなっています")


def test_looking_and_typing_numbers_leave_no_rows(an_application):
    number = an_application("検査申請審査中").receipt_number
    for _ in range(3):
        visitor = Visitor()
        for page in ("/", "/news/", "/payment/login/", "/mypage/login/", "/codes/", "/faq/"):
            visitor.opens(page)
        visitor.opens("/status/login/")
        visitor.fills("受付番号（到達番号）", number)
        visitor.presses("次へ")
        visitor.sees("申請用パスワード")

    assert not OpenHandle.objects.exists()
    assert not Session.objects.exists()


def test_the_night_forgets_what_has_ended(visitor, an_application):
    application = an_application("検査申請審査中")
    with time_machine.travel(clock.system_now() - timedelta(hours=25)):
        let_in(visitor.client, signing_in.open_inquiry, application)
    recent = let_in(visitor.client, signing_in.open_inquiry, application)

    done = sum(handles.forget_ended(clock.today(), now=clock.now(), chunk=1))

    assert done == 1
    assert [each.handle for each in OpenHandle.objects.all()] == [recent]


def test_a_page_of_a_handle_is_never_kept_by_a_cache(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請審査中"))

    answer = visitor.client.get(f"{page}deadline.ics")

    assert "no-store" in answer["Cache-Control"]
    assert read(visitor.html).all("h1")
