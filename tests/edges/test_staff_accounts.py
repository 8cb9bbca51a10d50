"""Accounts of staff: passwords that others set, roles that nobody gives to oneself, sessions."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from koss.ground import clock
from koss.models import StaffEvent, StaffEventKind
from tests.staff import a_user, signed_in, text_of

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

FIRST, OWN = "Hajimete-2026", "Jibun-dake-2026"
INDEX = "/admin/"
CHANGE = "/admin/password_change/"
APPLICATIONS = "/admin/applications/application/"


def page_of(user, page="change"):
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def makes(client, username="kinuko", password=FIRST):
    answer = client.post(
        reverse("admin:auth_user_add"),
        {
            "username": username,
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )
    assert answer.status_code == 302
    return User.objects.get(username=username)


def gives(client, user, *roles):
    return client.post(
        page_of(user),
        {
            "username": user.username,
            "is_active": "on",
            "is_staff": "on",
            "groups": list(Group.objects.filter(name__in=roles).values_list("pk", flat=True)),
        },
    )


def sets_password(client, user, password=FIRST, **more):
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    typed = {"usable_password": "true", "password1": password, "password2": password}
    return client.post(path, typed, **more)


def signs_in(username, password, path="/admin/login/", **more):
    client = Client()
    answer = client.post(path, {"username": username, "password": password, **more})
    return client, answer


def changes_own(client, new=OWN, old=FIRST):
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(CHANGE, typed)


def roles_of(user):
    return set(user.groups.values_list("name", flat=True))


def test_one_operator_cannot_make_a_reviewer():
    operator = signed_in("operator")
    user = makes(operator)

    answer = gives(operator, user, "reviewer")

    assert answer.status_code == 200
    assert "ほかの運用担当が付けてください" in text_of(answer)
    assert roles_of(user) == set()


def test_another_operator_gives_the_role_after_an_own_password_was_chosen():
    user = makes(signed_in("operator"))
    second = signed_in("operator", username="second")

    assert gives(second, user, "reviewer").status_code == 302

    client, _answer = signs_in("kinuko", FIRST)
    assert client.get(APPLICATIONS).url == CHANGE
    changes_own(client)
    assert client.get(APPLICATIONS).status_code == 200
    kinds = list(StaffEvent.objects.order_by("pk").values_list("kind", "by__username", "detail"))
    assert kinds == [
        (StaffEventKind.PASSWORD, "operator", ""),
        (StaffEventKind.ROLES, "second", "reviewer"),
        (StaffEventKind.OWN_PASSWORD, "kinuko", ""),
    ]
    shown = text_of(second.get("/admin/koss/staffevent/"))
    assert "ほかの職員がパスワードを設定" in shown
    assert "審査担当" in shown


def test_a_password_set_by_an_operator_takes_the_roles_away():
    reviewer = a_user("reviewer", "counter")
    operator = signed_in("operator")

    answer = sets_password(operator, reviewer, follow=True)

    assert "役割（審査担当、窓口）を外しました" in text_of(answer)
    assert roles_of(reviewer) == set()
    client, _answer = signs_in(reviewer.username, FIRST)
    changes_own(client)
    assert client.get(APPLICATIONS).status_code == 403
    assert gives(operator, reviewer, "reviewer").status_code == 200
    assert roles_of(reviewer) == set()


def test_a_superuser_who_sets_a_password_leaves_the_roles_but_it_must_be_changed():
    reviewer = a_user("reviewer")
    root = signed_in(superuser=True)

    sets_password(root, reviewer)

    assert roles_of(reviewer) == {"reviewer"}
    client, _answer = signs_in("reviewer", FIRST)
    assert client.get(APPLICATIONS).url == CHANGE


def test_who_gives_roles_holds_no_other():
    other = a_user("counter", username="somebody")

    answer = gives(signed_in("operator"), other, "operator", "counter")

    assert answer.status_code == 200
    assert "兼ねることはできません" in text_of(answer)
    assert roles_of(other) == {"counter"}


def test_until_a_password_of_another_is_changed_nothing_else_opens():
    makes(signed_in("operator"))
    client, answer = signs_in("kinuko", FIRST, next=INDEX)
    assert answer.url == INDEX

    for path in (INDEX, APPLICATIONS, "/admin/counter/", "/admin/payments/cash/"):
        assert client.get(path).url == CHANGE
        assert client.post(path).url == CHANGE
    assert "ほかの職員が設定したもの" in text_of(client.get(CHANGE))
    same = changes_own(client, new=FIRST)
    assert "いまと異なるパスワード" in text_of(same)
    assert client.get(INDEX).url == CHANGE

    changes_own(client)
    assert client.get(INDEX).status_code == 200
    again, _answer = signs_in("kinuko", OWN)
    assert again.get(INDEX).status_code == 200


def test_one_s_own_password_set_in_the_list_needs_no_second_change():
    operator = a_user("operator")
    client = Client()
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")

    sets_password(client, operator, OWN)

    assert roles_of(operator) == {"operator"}
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("password", ["はじめての-2026", "Hajimete-2026 "])
def test_staff_cannot_be_given_a_password_that_cannot_be_typed(password):
    answer = signed_in("operator").post(
        reverse("admin:auth_user_add"),
        {
            "username": "kinuko",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )

    assert answer.status_code == 200
    assert not User.objects.filter(username="kinuko").exists()


def test_a_slip_of_typing_is_said_at_the_login_and_not_counted():
    a_user("reviewer")

    for _ in range(7):
        _client, answer = signs_in("reviewer", "Ｈａｊｉｍｅｔｅ")

    assert answer.status_code == 200
    assert "誤りとして数えていません" in text_of(answer)


def test_staff_who_are_idle_read_so_and_come_back_to_their_page():
    client = signed_in("reviewer")
    assert client.get(APPLICATIONS).status_code == 200

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        answer = client.get(f"{APPLICATIONS}?q=1")
        assert answer.status_code == 403
        assert "30分のあいだ操作がなかったため" in text_of(answer)
        assert "next=%2Fadmin%2Fapplications%2Fapplication%2F%3Fq%3D1" in answer.content.decode()
        assert client.get(APPLICATIONS).url.startswith("/admin/login/")


def test_what_idle_staff_sent_is_said_to_be_lost():
    client = signed_in("operator")

    with time_machine.travel(clock.system_now() + timedelta(minutes=31)):
        answer = client.post("/admin/password_change/", {"new_password1": "x"})

    assert answer.status_code == 403
    assert "送信も保存もされていません" in text_of(answer)
    assert "next=" not in answer.content.decode()


def test_working_keeps_staff_signed_in_without_writing_the_session_anew():
    client = signed_in("reviewer")
    start = clock.system_now()
    data = Session.objects.get().session_data

    for minutes in (20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get(INDEX).status_code == 200
    assert Session.objects.get().session_data == data


@pytest.mark.parametrize(
    "where",
    [
        "/admin/nowhere/",
        "/nowhere/",
        "//evil.example/admin/",
        "https://evil.example/",
        "/admin/logout/",
        "/admin/login/",
        "javascript:alert(1)",
        "/admin/\\evil",
        "",
    ],
)
def test_next_never_leads_nowhere(where):
    user = a_user("reviewer")
    user.set_password(OWN)
    user.save()

    for path, more in ((f"/admin/login/?next={where}", {}), ("/admin/login/", {"next": where})):
        _client, answer = signs_in("reviewer", OWN, path=path, **more)
        assert (answer.status_code, answer.url) == (302, INDEX)


def test_next_leads_where_somebody_was():
    user = a_user("reviewer")
    user.set_password(OWN)
    user.save()

    _client, answer = signs_in("reviewer", OWN, path=f"/admin/login/?next={APPLICATIONS}%3Fq=1")

    assert answer.url == f"{APPLICATIONS}?q=1"
