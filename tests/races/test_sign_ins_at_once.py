"""Sign-ins of one browser at the same moment: every one of them stays open."""

from functools import partial

import pytest
from django.test import Client, RequestFactory

from applications.inquiry import signing_in
from koss.access import handles
from koss.models import OpenHandle
from payments.demo import payers
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


def signs_in(cookies, user_id):
    """A task: one sign-in of the browser with ``cookies``; gives (page, new cookies)."""

    def task():
        client = Client()
        client.cookies.update(cookies)
        answer = client.post(
            "/mypage/login/", {"user_id": user_id, "password": payers.PASSWORD}, follow=True
        )
        assert answer.status_code == 200
        return answer.redirect_chain[-1][0], client.cookies

    return task


@pytest.fixture
def users(settings):
    settings.KOSS_HASHES_AT_ONCE = 8
    return [payers.payment_user(f"KNAB{number:04d}") for number in range(AT_ONCE)]


def open_pages(browser, pages):
    return sum(browser.get(page).status_code == 200 for page in pages)


def test_sign_ins_at_once_all_stay_open_in_their_browser(users):
    browser = Client()
    browser.get("/mypage/login/")

    answers = all_at_once([signs_in(browser.cookies, user.user_id) for user in users])

    for _page, cookies in answers:  # in whatever order the browser hears of them
        browser.cookies.update(cookies)
    assert open_pages(browser, [page for page, _cookies in answers]) == AT_ONCE


def test_control_one_cookie_for_all_loses_sign_ins(users, monkeypatch):
    """With one secret per browser, as a session has it, the last answer wins."""
    monkeypatch.setattr(handles, "_cookie", lambda handle: "koss_open_one")
    browser = Client()

    answers = all_at_once([signs_in(browser.cookies, user.user_id) for user in users])

    for _page, cookies in answers:
        browser.cookies.update(cookies)
    assert open_pages(browser, [page for page, _cookies in answers]) < AT_ONCE


def test_ending_and_using_at_once_never_brings_one_back(an_application):
    application = an_application("検査申請審査中")
    for _ in range(5):
        request = RequestFactory().get("/")
        handle = signing_in.open_inquiry(request, application)
        request.COOKIES = dict(request._handle_cookies)
        use = partial(signing_in.INQUIRIES.find, request, handle)
        all_at_once([use, partial(signing_in.end, request, handle), use, use])

        assert not OpenHandle.objects.exists()
