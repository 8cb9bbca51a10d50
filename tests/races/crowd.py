"""Twenty clients at once, each with its own thread, connection and session."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from threading import Barrier

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client
from django.urls import reverse

from applications import moves
from applications.models import HistoryEntry
from koss import clock


@dataclass
class Attempt:
    """One press of one client, and what came back."""

    who: str
    name: str
    press: moves.Press
    status: int


def all_at_once(tasks):
    """Run every callable of ``tasks`` in a thread of its own, all let go at the same moment."""
    barrier = Barrier(len(tasks))

    def run(task):
        try:
            barrier.wait()
            return task()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def client_of(application):
    """(client, path of the status page): a browser that is signed in to ``application``."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    seen = int(clock.system_now().timestamp())
    session["inquiries"] = {"handle": {"application": application.pk, "seen": seen}}
    session.save()
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client, reverse("applications:status", args=["handle"])


def staff_client(username, role):
    """A browser that is signed in to the admin in ``role``."""
    user, made = get_user_model().objects.get_or_create(username=username, is_staff=True)
    if made:
        user.groups.add(Group.objects.get(name=role))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def press_of_applicant(application, name, press, form=()):
    """A task: one press of the applicant's form for the move ``name``."""
    client, page = client_of(application)
    path = {"withdraw": "withdrawal/", "send_correction": "correction/review/"}[name]

    def task():
        response = client.post(f"{page}{path}", {"press": str(press), **dict(form)})
        return Attempt("applicant", name, press, response.status_code)

    return task


def press_of_staff(application, username, role, name, form=(), tries=1, press=None):
    """A task: staff press the button ``name``, from the state that they see at that moment."""
    client = staff_client(username, role)
    path = reverse("admin:applications_application_move", args=[application.pk, name])

    def task():
        for _ in range(tries):
            application.refresh_from_db()
            mine = press or moves.Press.fresh(application)
            response = client.post(path, {"press": str(mine), **dict(form)})
            if response.status_code != 409:
                break
        return Attempt(username, name, mine, response.status_code)

    return task


def check(application, attempts):
    """What must hold whatever the order was; fails with what does not."""
    failed = [each for each in attempts if each.status not in (302, 409)]
    assert failed == []

    history = list(HistoryEntry.objects.filter(application=application).order_by("version"))
    assert [entry.version for entry in history] == list(range(1, len(history) + 1))
    application.refresh_from_db()
    replayed = ""
    for entry in history:
        assert entry.from_status == replayed
        replayed = entry.to_status
    assert (application.status, application.version) == (replayed, len(history))

    made = {entry.press_key for entry in history}
    for each in attempts:
        assert (each.status == 302) == (each.press.key in made), each
    winners = {each.press.key for each in attempts if each.status == 302}
    from_one_state = [
        each.press.version
        for each in {a.press.key: a for a in attempts}.values()
        if each.press.key in winners
    ]
    assert len(from_one_state) == len(set(from_one_state)), "two moves won from the same state"
