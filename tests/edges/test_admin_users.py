"""Members of staff in the admin: what operators give and cannot give, and who has left."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from applications.models import CounterDesk, Office
from tests.staff import a_user, signed_in

pytestmark = pytest.mark.django_db


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_leavers_are_out_with_their_next_request():
    client = signed_in("reviewer")
    assert client.get(reverse("admin:index")).status_code == 200

    User.objects.filter(username="reviewer").update(is_active=False)

    assert client.get(reverse("admin:index")).url.startswith("/admin/login/")


def test_an_operator_gives_nobody_more_than_a_role():
    client = signed_in("operator")
    other = a_user("counter", username="somebody")
    group = Group.objects.get(name="reviewer")
    page = url(User, "change", other.pk)

    answer = client.post(
        page,
        {
            "username": "somebody",
            "is_active": "on",
            "is_staff": "on",
            "groups": [group.pk],
            "is_superuser": "on",
            "user_permissions": [1, 2],
        },
    )

    assert answer.status_code == 302
    other.refresh_from_db()
    assert list(other.groups.all()) == [group]
    assert (other.is_superuser, other.user_permissions.count()) == (False, 0)


def test_an_operator_neither_changes_superusers_nor_the_own_roles():
    root = a_user(superuser=True)
    client = signed_in("operator")
    me = User.objects.get(username="operator")
    before = root.password

    assert client.post(url(User, "change", root.pk), {"username": "x"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    new = {"password1": "Atarashii-2024", "password2": "Atarashii-2024"}
    assert client.post(password, new).status_code == 403
    client.post(
        url(User, "change", me.pk),
        {"username": "operator", "groups": [group.pk for group in Group.objects.all()]},
    )

    root.refresh_from_db()
    assert root.password == before
    assert [group.name for group in me.groups.all()] == ["operator"]
    assert User.objects.get(pk=me.pk).is_staff


def test_a_new_user_is_staff_without_a_role():
    client = signed_in("operator")
    password = "Atarashii-2024"

    client.post(
        url(User, "add"),
        {
            "username": "kinuko",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )

    user = User.objects.get(username="kinuko")
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (True, False, 0)
    assert user.check_password(password)


def test_a_counter_desk_is_given_by_the_operator():
    client = signed_in("operator")
    user = User.objects.create(username="new")

    client.post(
        url(CounterDesk, "add"),
        {"user": user.pk, "office": Office.objects.get(name="札幌主管事務所").pk},
    )

    assert user.counter_desk.office.name == "札幌主管事務所"
