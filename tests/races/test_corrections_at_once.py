"""Twenty clients send one signed correction at once: one version, and nobody meets an error.

The control takes the application's lock out and must see the same check fail.
"""

from contextlib import nullcontext
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection

from applications.apply import sending as applying
from applications.correcting import proposals, sending, whole
from applications.life import corrections, moves
from applications.models import Application, Notice
from applications.status import Status
from applications.uploads import inspecting
from koss.ground import clock
from payments.demo import payers
from tests.practice import signed
from tests.races.crowd import Meeting, all_at_once
from tests.races.test_drafts_at_once import ready as a_draft

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

KIND = "safety_certificate"
LOOKED_AT = inspecting.Inspected("application/pdf", b"%PDF-new", b"preview")


def ready():
    """(order, signature): a signed application to be corrected by a name and a file."""
    now = clock.now()
    draft, cms = a_draft(with_file=True)
    application = applying.send(draft, cms, version=1, now=now)
    moves.perform("accept", application, actor="reviewer", now=now)
    payers.pay(application, now=now)
    asked = moves.Inputs(reason="確認してください。", fields=("user_name",), attachments=(KIND,))
    moves.perform("order_correction", application, actor="reviewer", now=now, inputs=asked)
    order = application.notices.get()
    with patch.object(inspecting, "inspect", lambda _file: LOOKED_AT):
        proposals.add(order, KIND, ContentFile(b"%PDF-new", "b.pdf"), version=0, now=now)
    proposals.save(order, {"user_name": "軽自　次郎"}, version=1)
    order = Notice.objects.get(pk=order.pk)
    return order, signed(whole.text_of(order, order.proposal), "personal.p12")


def twenty(order, cms):
    """Ten forms, each pressed twice: what became of each press."""
    keys = [moves.RequestKey.fresh(order.application) for _form in range(10)] * 2

    def press(key):
        def task():
            mine = Notice.objects.select_related("application").get(pk=order.pk)
            try:
                return sending.send(mine, cms, version=2, request_key=key, now=clock.now()).pk
            except (moves.MoveRefused, proposals.ProposalGone):
                return None
            except (DatabaseError, corrections.NotOrdered) as error:  # as without the lock
                return error

        return task

    return all_at_once([press(key) for key in keys])


def one_version(application, outcomes):
    application = Application.objects.get(pk=application.pk)
    entries = application.history.filter(move="send_correction")
    assert len(entries) == 1
    entry = entries[0]
    assert [each for each in outcomes if each] == [entry.pk, entry.pk]
    assert application.version == entry.version
    assert (application.status, application.user_name) == (Status.IN_REVIEW, "軽自　次郎")
    assert application.signatures.count() == 2
    assert [each.name for each in application.uploads.standing()] == ["b.pdf"]


def test_one_correction_becomes_one_version(practice):
    order, cms = ready()

    one_version(order.application, twenty(order, cms))


def test_without_the_lock_there_would_be_more(practice, monkeypatch):
    others = Meeting()

    def look_without_lock(application):
        row = Application.objects.get(pk=application.pk)
        others.wait()
        return row

    order, cms = ready()
    monkeypatch.setattr(moves, "lock", look_without_lock)
    monkeypatch.setattr(moves, "perform", moves.perform.__wrapped__)
    if connection.vendor == "sqlite":  # there the transaction itself is the lock
        monkeypatch.setattr(sending, "transaction", SimpleNamespace(atomic=nullcontext))

    with pytest.raises(AssertionError):
        one_version(order.application, twenty(order, cms))
