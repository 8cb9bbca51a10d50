"""Guesses at the staff's login at the same moment are checked exactly five times."""

from collections import Counter
from threading import Barrier

import pytest
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.test import Client

from koss.staff.tries import CountsFirst
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]


AT_ONCE = 20


@pytest.fixture
def checked(monkeypatch, request):
    """The passwords that were looked at; in a control, none before all are let through."""
    seen = []
    authenticate = ModelBackend.authenticate
    together = Barrier(AT_ONCE if "control" in request.node.name else 1, timeout=60)

    def look(self, request, username=None, password=None, **more):
        together.wait()
        seen.append(password)
        return authenticate(self, request, username=username, password=password, **more)

    monkeypatch.setattr(ModelBackend, "authenticate", look)
    return seen


def guess():
    typed = {"username": "reviewer", "password": "wrong"}
    return Client().post("/admin/login/", typed).status_code


def guesses(handler, monkeypatch):
    monkeypatch.setattr(AxesProxyHandler, "implementation", handler)
    User.objects.create_user("reviewer", password="Hajimete-2026", is_staff=True)
    return Counter(all_at_once([guess] * AT_ONCE))


def test_guesses_at_once_are_checked_five_times(checked, monkeypatch):
    answers = guesses(CountsFirst(), monkeypatch)

    assert len(checked) == 5
    assert answers[429] >= 15
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_control_counting_after_the_check_lets_more_through(checked, monkeypatch):
    guesses(AxesDatabaseHandler(), monkeypatch)

    assert len(checked) == AT_ONCE
