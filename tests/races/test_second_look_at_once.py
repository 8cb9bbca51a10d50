"""Twenty reviewers propose, then confirm, the same move at once: one proposal and one move."""

import pytest
from django.urls import reverse

from applications.life import moves, proposals
from applications.models import Application, Proposal
from tests.races.crowd import Meeting, all_at_once, request_of_staff, staff_client
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def two_are_needed(settings):
    settings.KOSS_SECOND_REVIEW = ["reject"]


def propose_at_once():
    application = make("検査申請審査中")
    tasks = [
        request_of_staff(
            Application.objects.get(pk=application.pk),
            f"shinsa{number}",
            "reviewer",
            "reject",
            {"reason": f"不備{number}"},
            request_key=moves.RequestKey.fresh(application),
        )
        for number in range(20)
    ]
    statuses = [attempt.status for attempt in all_at_once(tasks)]
    return application, statuses


def confirm_at_once(application):
    """The answers to all who did not propose it."""
    proposal = Proposal.objects.get(application=application)
    url = reverse("admin:applications_application_second", args=[application.pk])
    names = {f"shinsa{number}" for number in range(20)} - {proposal.by.get_username()}
    clients = [staff_client(name, "reviewer") for name in sorted(names)]

    def confirms(client):
        return lambda: client.post(url, {"proposal": proposal.pk}).status_code

    return all_at_once([confirms(client) for client in clients])


def look_without_lock(monkeypatch, name):
    """Take the lock out; all meet once they have looked, by ``proposals.<name>``."""
    others, look = Meeting(), getattr(proposals, name)

    def look_and_meet(*seen):
        found = look(*seen)
        others.wait()
        return found

    monkeypatch.setattr(proposals, name, look_and_meet)
    monkeypatch.setattr(moves, "lock", lambda row: Application.objects.get(pk=row.pk))
    monkeypatch.setattr(moves, "perform", moves.perform.__wrapped__)
    for act in ("propose", "confirm"):
        monkeypatch.setattr(proposals, act, getattr(proposals, act).__wrapped__)


def test_one_proposal_stands_and_one_confirms_it():
    application, proposed = propose_at_once()
    confirmed = confirm_at_once(application)

    assert sorted(proposed) == [302] + [409] * 19
    assert sorted(confirmed) == [302] + [409] * 18
    entry = application.history.get(move="reject")
    proposal = Proposal.objects.get()
    assert (entry.by, entry.seconded_by) == (
        proposal.by.get_username(),
        proposal.decided_by.get_username(),
    )


def test_control_without_the_lock_proposals_collide(monkeypatch):
    look_without_lock(monkeypatch, "_waits")

    assert sorted(propose_at_once()[1]) != [302] + [409] * 19


def test_control_without_the_lock_confirmations_collide(monkeypatch):
    application, _proposed = propose_at_once()
    look_without_lock(monkeypatch, "_still_waits")

    assert sorted(confirm_at_once(application)) != [302] + [409] * 18
