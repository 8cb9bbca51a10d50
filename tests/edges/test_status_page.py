"""申請状況確認: what we add to the manual, its conditions, and its literal number of queries."""

from datetime import timedelta

import icalendar
import pytest
import time_machine
from django.test import Client

from applications.models import Notice, NoticeKind
from koss.ground import clock
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

STATUS_PAGE_QUERIES = 6


def test_the_number_of_queries_does_not_grow_with_the_history(
    an_application, visitor, django_assert_num_queries
):
    short = an_application("検査手数料等まとめ払い中")
    long = an_application("検査申請補正待ち", through=["send_correction"])
    for application in (short, long):
        for number in range(3):
            Notice.objects.create(
                application=application,
                kind=NoticeKind.ANNOUNCEMENT,
                reason=f"お知らせ{number}",
                at=clock.now(),
            )
        page = signs_in(visitor, application)

        with django_assert_num_queries(STATUS_PAGE_QUERIES):
            visitor.client.get(page)


def test_announcements_of_staff_appear_until_they_are_ended(visitor, an_application):
    application = an_application("検査申請審査中")
    announcement = Notice.objects.create(
        application=application,
        kind=NoticeKind.ANNOUNCEMENT,
        reason="窓口は5月1日に休みます。",
        at=clock.now(),
    )
    page = signs_in(visitor, application)
    visitor.sees_in_order("お知らせがあります", "お知らせ", "窓口は5月1日に休みます。")

    announcement.answered_at = clock.now()
    announcement.save()

    visitor.opens(page)
    visitor.does_not_see("窓口は5月1日に休みます。", "お知らせがあります")


def test_an_unconfirmed_annual_tax_is_said(visitor, an_application):
    signs_in(visitor, an_application("検査申請審査中", annual_tax_confirmed=False))

    visitor.sees_in_order("お知らせ", "軽自動車税種別割", "納税証明書")


def test_a_recording_agent_appears_only_where_one_is_named(visitor, an_application):
    signs_in(visitor, an_application("検査申請審査中", recording_agent_number=""))

    visitor.does_not_see("記録等事務代行者委託番号", "記録等事務代行利用可否")


@pytest.mark.parametrize(("days_left", "near"), [(4, False), (3, True), (0, True), (-1, True)])
def test_a_deadline_is_near_three_days_before(visitor, an_application, days_left, near):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)

    moment = clock.at(application.deadline - timedelta(days=days_left), hour=12)
    with time_machine.travel(moment):
        page = signs_in(visitor, application)
        visitor.opens(page)
        assert ("期限等に関するお知らせ" in visitor.page.text) is near


def test_the_deadline_can_be_taken_into_a_calendar(visitor, an_application):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)
    visitor.sees("期限をカレンダーに登録")

    response = visitor.client.get(f"{page}deadline.ics")

    [event] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert event["DTSTART"].dt == application.deadline
    assert event["DTEND"].dt == application.deadline + timedelta(days=1)
    assert "補正期限" in event["SUMMARY"]
    assert application.receipt_number.encode() not in response.content


def test_without_a_deadline_there_is_no_calendar(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請審査中"))
    visitor.does_not_see("期限をカレンダーに登録")

    assert visitor.client.get(f"{page}deadline.ics").status_code == 404


def test_the_corrected_notice_no_longer_stands(visitor, an_application):
    application = an_application("検査申請審査中", through=["send_correction"])
    signs_in(visitor, application)

    visitor.does_not_see("通知等があります", "補正指示が出ています")


def test_pressing_ok_twice_shows_the_same_result(visitor, an_application):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)
    visitor.presses("申請を取り下げる")
    [request_key] = [f["value"] for f in visitor.page.all("input") if f["name"] == "request_key"]

    answers = [
        visitor.client.post(f"{page}withdrawal/", {"request_key": request_key}) for _ in range(2)
    ]

    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, f"{page}?done=withdraw")
    ] * 2
    assert application.history.filter(move="withdraw").count() == 1


@pytest.mark.parametrize("request_key", ["", "x", "1", "1.", ".key", "99999999999.k", "-1.k"])
def test_a_mangled_request_key_moves_nothing(visitor, an_application, request_key):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)

    response = visitor.client.post(f"{page}withdrawal/", {"request_key": request_key})

    assert response.status_code == 409
    assert not application.history.filter(move="withdraw").exists()


def test_moving_needs_a_token_of_this_site(visitor, an_application):
    application = an_application("検査申請補正待ち")
    page = signs_in(visitor, application)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies

    response = strict.post(f"{page}withdrawal/", {"request_key": "1.key"})

    assert response.status_code == 403
    assert not application.history.filter(move="withdraw").exists()
