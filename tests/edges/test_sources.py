"""One visitor is one source, whatever the proxy writes beside the address."""

import itertools

import pytest
from django.test import Client

from tests.staff import a_user

pytestmark = pytest.mark.django_db

WRONG = {"username": "reviewer", "password": "wrong"}


@pytest.fixture(autouse=True)
def behind_one(settings):
    settings.KOSS_PROXIES = 1


def tries(forwarded):
    """The status of one wrong sign-in of staff that comes with this header."""
    return Client().post("/admin/login/", WRONG, headers={"X-Forwarded-For": forwarded}).status_code


@pytest.mark.parametrize(
    "forms",
    [
        pytest.param((f"203.0.113.7:{port}" for port in itertools.count(51234)), id="ports"),
        pytest.param((f"[2001:db8::{host:x}]:443" for host in itertools.count(1)), id="hosts"),
        pytest.param((f"fe80::1%zone{zone}" for zone in itertools.count()), id="zones"),
        pytest.param((f"garbage{number}" for number in itertools.count()), id="garbage"),
    ],
)
def test_staff_login_counts_one_source(forms):
    a_user("reviewer")

    answers = [tries(next(forms)) for _ in range(6)]

    assert answers == [200, 200, 200, 200, 429, 429]


def test_another_source_is_not_shut_out():
    a_user("reviewer")
    for _ in range(6):
        tries("203.0.113.7")

    assert tries("203.0.113.8") == 200
