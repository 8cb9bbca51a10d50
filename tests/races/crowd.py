"""Twenty clients at once, each with its own thread, connection and session."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Condition, current_thread, main_thread

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connections
from django.test import Client
from django.urls import reverse

from applications.inquiry import signing_in
from applications.life import moves
from applications.models import HistoryEntry
from tests.signing_in import let_in


@dataclass
class Attempt:
    """One press of one client, and what came back."""

    who: str
    name: str
    request_key: moves.RequestKey
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


class Meeting:
    """Where those who look without a lock wait for each other, so that a control fails surely.

    The first ``parties`` go on together, and after twenty seconds those who came: where a database
    lets one in at a time there are fewer. Who comes later waits a moment. Who prepares the race,
    in the main thread, is none of them.
    """

    def __init__(self, parties=4):
        self._parties, self._came, self._change = parties, 0, Condition()

    def wait(self):
        if current_thread() is main_thread():
            return
        with self._change:
            self._came += 1
            first = self._came <= self._parties
            self._change.notify_all()
            if first:
                self._change.wait_for(lambda: self._came >= self._parties, timeout=20)
        if not first:
            time.sleep(0.05)


def client_of(application):
    """(client, path of the status page): a browser that is signed in to ``application``."""
    client = Client(raise_request_exception=False)
    handle = let_in(client, signing_in.open_inquiry, application)
    return client, reverse("applications:status", args=[handle])


def staff_client(username, role):
    """A browser that is signed in to the admin in ``role``."""
    user, made = get_user_model().objects.get_or_create(username=username, is_staff=True)
    if made:
        user.groups.add(Group.objects.get(name=role))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def request_of_applicant(application, name, request_key, form=()):
    """A task: one press of the applicant's form for the move ``name``."""
    client, page = client_of(application)
    if form:
        # Filled in before; all presses come from the review of it.
        client.post(
            f"{page}correction/", {"request_key": str(request_key), "version": "0", **dict(form)}
        )
    path = {"withdraw": "withdrawal/", "send_correction": "correction/review/"}[name]

    def task():
        response = client.post(f"{page}{path}", {"request_key": str(request_key), "version": "1"})
        return Attempt("applicant", name, request_key, response.status_code)

    return task


def request_of_staff(application, username, role, name, form=(), tries=1, request_key=None):
    """A task: staff press the button ``name``, from the state that they see at that moment."""
    client = staff_client(username, role)
    path = reverse("admin:applications_application_move", args=[application.pk, name])

    def task():
        for _ in range(tries):
            application.refresh_from_db()
            mine = request_key or moves.RequestKey.fresh(application)
            response = client.post(path, {"request_key": str(mine), **dict(form)})
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

    made = {entry.request_key for entry in history}
    for each in attempts:
        assert (each.status == 302) == (each.request_key.key in made), each
    winners = {each.request_key.key for each in attempts if each.status == 302}
    from_one_state = [
        each.request_key.version
        for each in {a.request_key.key: a for a in attempts}.values()
        if each.request_key.key in winners
    ]
    assert len(from_one_state) == len(set(from_one_state)), "two moves won from the same state"
