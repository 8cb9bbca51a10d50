"""Tabs whose sign-in has ended keep one form while another tab, signed in again, sends it."""

from datetime import timedelta

import pytest
from django.test import Client

from koss.access import leftovers
from koss.ground import clock
from koss.models import OpenHandle, TypedText
from payments.demo import payers
from tests.races.crowd import all_at_once
from tests.signing_in import signs_in_to_my_page
from tests.visitor import Visitor

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]

DETAILS = {"name": "軽自 花子", "name_kana": "ケイジ　ハナコ", "admin_email": "x", "seen": "0"}
SECRET = {leftovers._COOKIE: "A" * 22}


def sending(visitor, home):
    """What sends the form from one more tab of this browser; the status of the answer."""
    cookies = {name: each.value for name, each in visitor.client.cookies.items()} | SECRET

    def send():
        tab = Client(raise_request_exception=False)
        tab.cookies.load(cookies)
        return tab.post(f"{home}details/", DETAILS).status_code

    return send


def test_each_tab_is_answered():
    payers.payment_user()
    ended, again = Visitor(), Visitor()
    keep = sending(ended, signs_in_to_my_page(ended))
    OpenHandle.objects.update(seen_at=clock.system_now() - timedelta(hours=1))
    send = sending(again, signs_in_to_my_page(again))

    answers = [each for _ in range(12) for each in all_at_once([keep] * 6 + [send] * 6)]

    assert set(answers) == {200, 403}
    assert TypedText.objects.count() <= 1
