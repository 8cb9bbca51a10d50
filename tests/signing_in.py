"""Signing in to an application, as every applicant does, and as a payment user."""

from django.http import HttpResponse
from django.test import RequestFactory

from applications.demo.journeys import PASSWORD
from koss.access import handles
from payments.demo import payers


def signs_in(visitor, application):
    """Let ``visitor`` sign in to ``application``; returns the path of its status page."""
    visitor.opens("/status/login/")
    visitor.fills("受付番号（到達番号）", application.receipt_number)
    visitor.presses("次へ")
    visitor.fills("申請用パスワード", PASSWORD)
    visitor.presses("ログイン")
    visitor.sees(str(application.get_status_display()))
    return visitor.path


def signs_in_to_pay(visitor, user_id=payers.PAYER):
    """Let ``visitor`` sign in at 納付ログイン; returns the path of 納付メニュー."""
    return _signs_in_at("/payment/login/", visitor, user_id, "納付メニュー")


def signs_in_to_my_page(visitor, user_id=payers.PAYER):
    """Let ``visitor`` sign in at マイページログイン; returns the path of マイページ."""
    return _signs_in_at("/mypage/login/", visitor, user_id, "利用者情報更新日時")


def _signs_in_at(login, visitor, user_id, sees):
    visitor.opens(login)
    visitor.fills("納付利用者ID", user_id)
    visitor.fills("納付利用者パスワード", payers.PASSWORD)
    visitor.presses("ログイン")
    visitor.sees(sees)
    return visitor.path


def let_in(client, open_for, *who):
    """Sign ``client`` in without a password; returns the handle.

    ``open_for(request, *who)`` is what opens it, such as ``signing_in.open_inquiry``.
    """
    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    handle = open_for(request, *who)
    client.cookies.update(handles.carry(lambda _request: HttpResponse())(request).cookies)
    return handle
