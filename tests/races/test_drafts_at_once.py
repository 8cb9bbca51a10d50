"""Twenty clients send one draft at once: one application, and everybody sees its number.

The control takes the draft's lock out and must see the same check fail.
"""

from contextlib import nullcontext
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from applications.apply import description, drafts, sending
from applications.models import Application, Draft, Office, Upload
from applications.status import Procedure
from applications.uploads import inspecting, keeping
from applications.uploads.refusals import FileRefused
from koss.ground import clock
from tests.practice import signed
from tests.races.crowd import Meeting, all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

FILE = ContentFile(b"%PDF-", "a.pdf")
LOOKED_AT = inspecting.Inspected("application/pdf", b"%PDF-", b"preview")
ANSWERS = {
    "contact": {"email": "keiji@gyosei.example"},
    "plate": {"plate": "品川 - 580 - さ - 1234", "vehicle_use": "private"},
    "chassis": {"chassis_number": "AX01-0000001"},
    "papers": {},
    "files": {"looked": "yes"},
    "user": {"user_name": "軽自　太郎"},
    "address": {"postal_code": "1400002", "address": "東京都品川区東品川1-1-1"},
    "base": {"same": "yes", "base_address": ""},
    "weight": {"weight_class": "normal"},
    "earlier": {"has_earlier": "no", "earlier": ""},
    "payment": {"method": "individual"},
    "receiving": {"way": "vehicle"},
}


def ready(with_file=False, applicant="軽自　太郎"):
    """A draft with everything answered, and a signature under it."""
    office = Office.objects.get(name="東京主管事務所")
    draft = drafts.begin(
        Procedure.CONTINUED_INSPECTION,
        password="!",
        answers={
            **ANSWERS,
            "applicant": {"applicant_kind": "self", "applicant_name": applicant},
            "office": {"office": str(office.pk)},
        },
        now=clock.now(),
    )
    if with_file:
        with patch.object(inspecting, "inspect", lambda _file: LOOKED_AT):
            drafts.add_file(draft, "safety_certificate", FILE, now=clock.now())
        draft.refresh_from_db()
    content = description.text_of(draft, drafts.answers_of(draft))
    return draft, signed(content, "personal.p12")


def numbers_of_twenty():
    draft, cms = ready()

    def task():
        mine = Draft.objects.get(pk=draft.pk)
        return sending.send(mine, cms, version=0, now=clock.now()).receipt_number

    return all_at_once([task] * 20)


def test_one_draft_becomes_one_application(practice):
    numbers = numbers_of_twenty()

    assert len(set(numbers)) == 1
    assert Application.objects.count() == 1


def test_of_removing_and_sending_at_once_one_wins(practice):
    """The second is told so: no application has lost a file, no file its row."""
    for _round in range(5):
        draft, cms = ready(with_file=True)
        mine = Draft.objects.get(pk=draft.pk)
        [upload] = mine.uploads.all()

        def send(mine=mine, cms=cms):
            return sending.send(mine, cms, version=1, now=clock.now())

        def remove(draft=draft, upload=upload):
            return drafts.remove_file(draft, upload.key, now=clock.now())

        outcomes = all_at_once([told(send), told(remove)])

        assert outcomes.count("gone") == 1
        sent = Application.objects.filter(uploads=upload.pk).exists()
        assert keeping.store().exists(upload.key) == sent == (outcomes[1] == "gone")


def test_the_limit_of_all_files_together_holds_for_twenty_at_once(practice, monkeypatch):
    monkeypatch.setattr(keeping, "TOGETHER", len(LOOKED_AT.content) * 3)
    monkeypatch.setattr(inspecting, "inspect", lambda _file: LOOKED_AT)
    draft, _cms = ready()
    before = set(keeping.store().listdir("")[1]) if keeping.store().exists("") else set()

    def add():
        return drafts.add_file(draft, "safety_certificate", FILE, now=clock.now())

    outcomes = all_at_once([told(add)] * 20)

    assert outcomes.count("refused") == 17
    assert draft.uploads.count() == 3
    assert len(set(keeping.store().listdir("")[1]) - before) == 6


def told(task):
    """``task``, which then says how it ended."""

    def run():
        try:
            task()
        except drafts.Gone:
            return "gone"
        except FileRefused:
            return "refused"
        return "done"

    return run


@pytest.fixture
def unlocked(monkeypatch):
    """The lock of a draft taken out, and others come in between."""
    others = Meeting(2)  # one sends, one removes

    def lock(draft):
        row = Draft.objects.get(pk=draft.pk)
        others.wait()
        return row

    monkeypatch.setattr(drafts, "lock", lock)


def test_without_the_lock_there_would_be_more(practice, unlocked, monkeypatch):
    if connection.vendor == "sqlite":  # there the transaction itself is the lock
        monkeypatch.setattr(sending, "transaction", SimpleNamespace(atomic=nullcontext))

    numbers_of_twenty()

    assert Application.objects.count() > 1


@pytest.mark.postgres  # the same on both, but here it can be taken out alone
def test_without_the_lock_the_limit_would_not_hold(practice, unlocked, monkeypatch):
    # What is written to the draft would lock it as well.
    monkeypatch.setattr(drafts, "_touched", lambda draft, _now: drafts.lock(draft))
    save = Upload.save
    summed_up = Meeting()

    def save_later(upload):
        summed_up.wait()
        save(upload)

    monkeypatch.setattr(Upload, "save", save_later)
    with pytest.raises(AssertionError):
        test_the_limit_of_all_files_together_holds_for_twenty_at_once(practice, monkeypatch)


@pytest.mark.postgres
def test_without_the_lock_an_application_would_lose_its_file(practice, unlocked):
    with pytest.raises(AssertionError):
        test_of_removing_and_sending_at_once_one_wins(practice)
