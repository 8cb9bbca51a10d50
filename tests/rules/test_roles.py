"""Who among staff does what."""

import pytest
from django.contrib.auth.models import Group, User

from applications.models import Application, Office
from applications.staff import desk, roles
from applications.status import Actor
from koss.ground import clock
from koss.staff import permissions
from tests.staff import a_user

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("role", "actors"),
    [
        ("reviewer", {Actor.REVIEWER}),
        ("tax_office", {Actor.TAX_OFFICE}),
        ("counter", {Actor.COUNTER}),
        ("operator", set()),
    ],
)
def test_each_role_lends_its_actor(role, actors):
    assert roles.actors_of(a_user(role)) == actors


def test_a_superuser_moves_only_through_a_role():
    assert roles.actors_of(a_user(superuser=True)) == set()
    assert roles.actors_of(a_user("counter", superuser=True)) == {Actor.COUNTER}


def test_somebody_inactive_has_no_role():
    user = a_user("reviewer")
    user.is_active = False

    assert roles.actors_of(user) == set()


def test_a_group_that_is_no_role_lends_nothing():
    user = a_user()
    user.groups.add(Group.objects.create(name="friends"))

    assert roles.duties_of(user) == roles.Duties(frozenset())


def test_the_counter_moves_only_what_its_own_office_got(an_application):
    here = an_application("返付準備完了")
    elsewhere = an_application("返付準備完了", office=Office.objects.get(name="札幌主管事務所"))
    user = a_user("counter", "reviewer")

    assert roles.actors_on(user, here) == {Actor.COUNTER, Actor.REVIEWER}
    assert roles.actors_on(user, elsewhere) == {Actor.REVIEWER}


@pytest.mark.parametrize(
    ("role", "office", "reached"),
    [
        ("reviewer", "", {"here", "elsewhere"}),
        ("tax_office", "", {"here", "elsewhere"}),
        ("counter", "東京主管事務所", {"here"}),
        ("counter", "", set()),
        ("operator", "", set()),
    ],
)
def test_what_each_role_sees(an_application, role, office, reached):
    an_application("返付準備完了", applicant_name="here")
    an_application(
        "返付準備完了",
        applicant_name="elsewhere",
        office=Office.objects.get(name="札幌主管事務所"),
    )

    seen = Application.objects.filter(roles.in_reach_of(a_user(role, office=office)))

    assert set(seen.values_list("applicant_name", flat=True)) == reached


def test_what_waits_for_a_member_of_staff(an_application):
    an_application("検査申請受付中")
    an_application("検査申請受付中")
    an_application("返付準備完了")

    now = clock.now()
    waiting = {
        role: {
            status: sum(ages)
            for status, ages in desk.figures(a_user(role), now=now).waiting.items()
        }
        for role in ("reviewer", "counter", "operator")
    }
    assert waiting == {
        "reviewer": {"received": 2, "in_review": 0, "withdrawing": 0},
        "counter": {"ready_to_return": 1, "ready_to_issue": 0},
        "operator": {},
    }


def test_groups_get_exactly_their_permissions_however_often_they_are_loaded():
    reviewer = Group.objects.get(name="reviewer")
    before = set(reviewer.permissions.values_list("codename", flat=True))
    reviewer.permissions.clear()
    Group.objects.get(name="operator").delete()

    permissions.load()
    permissions.load()

    assert set(reviewer.permissions.values_list("codename", flat=True)) == before
    assert Group.objects.filter(name="operator").count() == 1
    assert not User.objects.exists()
    assert {name.partition("_")[0] for name in before} == {"view"}


@pytest.mark.django_db(transaction=True)
def test_the_groups_survive_an_emptied_database():
    """A test that empties all tables leaves the groups behind for the next."""
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.Role.values)
