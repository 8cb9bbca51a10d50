"""Twenty clients on the same application: one wins, nobody meets an error.

The controls take the lock out and must see the same check fail.
"""

from datetime import timedelta

import pytest

from applications.life import moves
from applications.models import Application
from koss.ground import clock
from tests.races.crowd import Meeting, all_at_once, check, request_of_applicant, request_of_staff
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 5
CORRECTED = {"plate": "品川 - 580 - さ - 4321"}


def applicants_and_staff():
    """Four withdrawals and three corrections, each pressed twice, and six of staff."""
    application = make("検査申請補正待ち", fields_to_correct=("plate",))
    tasks = []
    for name, forms, fields in (("withdraw", 4, {}), ("send_correction", 3, CORRECTED)):
        for _ in range(forms):
            request_key = moves.RequestKey.fresh(application)
            tasks += [
                request_of_applicant(application, name, request_key, fields) for _ in range(2)
            ]
    deadline = clock.today() + timedelta(days=6)
    order = {"reason": "もう一度", "deadline": deadline, "fields_to_correct": "plate"}
    for username, name, form in (
        ("shinsa1", "confirm_withdrawal", {}),
        ("shinsa2", "confirm_withdrawal", {}),
        ("shinsa3", "reject", {"reason": "不備"}),
        ("shinsa4", "pass_review", {"despite_missing": "on"}),
        ("shinsa5", "order_correction", order),
        ("shinsa6", "pass_review", {"despite_missing": "on"}),
    ):
        fresh = Application.objects.get(pk=application.pk)
        tasks.append(request_of_staff(fresh, username, "reviewer", name, form, tries=5))
    return application, tasks


def twenty_reviewers():
    """Twenty reviewers before the same screen, each with a form of their own."""
    application = make("検査申請審査中", "継続検査")
    tasks = []
    for number in range(20):
        name, form = (("reject", {"reason": "不備"}), ("pass_review", {"despite_missing": "on"}))[
            number % 2
        ]
        request_key = moves.RequestKey.fresh(application)
        fresh = Application.objects.get(pk=application.pk)
        tasks.append(
            request_of_staff(
                fresh, f"shinsa{number}", "reviewer", name, form, request_key=request_key
            )
        )
    return application, tasks


CROWDS = [applicants_and_staff, twenty_reviewers]


@pytest.mark.parametrize("crowd", CROWDS)
def test_of_the_moves_from_one_state_exactly_one_wins(crowd):
    for _ in range(ROUNDS):
        application, tasks = crowd()
        assert len(tasks) == 20

        attempts = all_at_once(tasks)

        check(application, attempts)
        first = [each for each in attempts if each.status == 302]
        assert first, "somebody must win"


def test_the_same_form_pressed_by_all_twenty_shows_everybody_the_same_result():
    application = make("検査申請補正待ち")
    request_key = moves.RequestKey.fresh(application)

    attempts = all_at_once(
        [request_of_applicant(application, "withdraw", request_key) for _ in range(20)]
    )

    assert [each.status for each in attempts] == [302] * 20
    check(application, attempts)
    assert application.history.filter(move="withdraw").count() == 1


@pytest.mark.parametrize("crowd", CROWDS)
def test_control_without_the_lock_the_check_fails(crowd, monkeypatch):
    others = Meeting()

    def look_without_lock(application):
        row = Application.objects.get(pk=application.pk)
        others.wait()
        return row

    monkeypatch.setattr(moves, "lock", look_without_lock)
    monkeypatch.setattr(moves, "perform", moves.perform.__wrapped__)

    with pytest.raises(AssertionError):  # noqa: PT012 - which round fails is chance
        for _ in range(ROUNDS):
            application, tasks = crowd()
            check(application, all_at_once(tasks))
