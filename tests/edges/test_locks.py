"""Locks, waits and throttles as people meet them, and what operators see and lift."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from koss.ground import clock
from koss.mail import outbox
from koss.models import PasswordLock, Source
from koss.operation import health
from payments.demo import payers
from payments.payer import resets
from qrcodes.models import Code
from tests.edges.test_login import types_number, types_password
from tests.staff import a_user, signed_in, text_of
from tests.visitor import Visitor

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

SOURCES = "/admin/koss/source/"
AUTHENTICATION = {
    "kind": "authentication",
    "procedure": "continued_inspection",
    "receiver_name": "軽自　太郎",
    "password": "uketori-2024",
    "password_again": "uketori-2024",
}


@pytest.fixture
def spent(settings, an_application):
    """Two numbers that this source has missed so often that it is refused for them."""
    settings.KOSS_PASSWORD_WAITS = []
    settings.KOSS_FAILURES_PER_SOURCE = 4
    missed = [an_application("検査申請審査中") for _ in range(2)]
    for application in missed:
        visitor = Visitor()
        types_number(visitor, application.receipt_number)
        for _ in range(3):
            types_password(visitor, "wrong-2024")
    return missed


def tries(application, password="shinsei-2024"):
    visitor = Visitor()
    types_number(visitor, application.receipt_number)
    types_password(visitor, password)
    return visitor


def test_a_refused_source_reads_why_until_when_and_what_still_works(spent, an_application):
    visitor = tries(spent[1])

    assert visitor.status == 429
    visitor.sees(
        "お使いの回線からの誤りが多いため", "まで受け付けられません", "ほかの番号は利用できます"
    )
    assert tries(an_application("検査申請審査中")).status == 200


def test_an_operator_is_told_and_lifts_a_source_but_no_lock(spent):
    locked = PasswordLock.objects.order_by("pk").first()
    PasswordLock.objects.filter(pk=locked.pk).update(failures=5, locked_at=clock.now())
    tries(spent[1])
    operator = signed_in("operator")
    assert "誤りが多いため制限した接続元" in text_of(operator.get("/admin/"))
    source = Source.objects.get()
    assert "127.0.0.1" in text_of(operator.get(f"{SOURCES}?refused_at__isempty=0"))

    answer = operator.post(
        SOURCES, {"action": "lift", "_selected_action": [source.pk]}, follow=True
    )

    assert "1件の制限を解除しました。" in text_of(answer)
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_repr) == ("operator", "127.0.0.1")
    assert "解除" in entry.get_change_message()
    assert "誤りが多いため制限した接続元" not in text_of(operator.get("/admin/"))
    assert tries(spent[1]).status == 200
    assert tries(spent[0]).status == 403
    assert operator.get(f"/admin/koss/passwordlock/{locked.pk}/change/").status_code == 200
    assert operator.post(f"/admin/koss/passwordlock/{locked.pk}/change/").status_code == 403


@pytest.mark.parametrize("role", ["reviewer", "counter", "tax_office"])
def test_nobody_else_lifts_a_source(spent, role):
    client = signed_in(role)

    assert client.get(SOURCES).status_code == 403
    client.post(SOURCES, {"action": "lift", "_selected_action": [Source.objects.get().pk]})
    assert Source.objects.exists()
    assert "接続元" not in text_of(client.get("/admin/"))


def test_health_tells_of_locks_and_refused_sources(spent):
    tries(spent[1])
    found = {each.title: each for each in health.findings(now=clock.now())}
    assert found["network addresses refused within a day"].value == "1"
    assert found["passwords locked within a day"].well
    for number in range(health.MANY_LOCKS):
        PasswordLock.objects.create(
            subject=str(number), tried_at=clock.now(), locked_at=clock.now(), failures=5
        )

    found = {each.title: each for each in health.findings(now=clock.now())}
    assert not found["passwords locked within a day"].well


def test_a_wait_says_that_the_try_was_not_counted(an_application):
    visitor = Visitor()
    types_number(visitor, an_application("検査申請審査中").receipt_number)
    for _ in range(3):
        types_password(visitor, "wrong-2024")

    visitor.sees("確かめておらず、誤りとしても数えていません")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ｓｈｉｎｓｅｉ－２０２４", "全角の文字が入っていないか"),
        ("しんせい-2024", "半角の英字、数字、記号"),
        ("shinsei-2024 ", "前後に空白"),
        ("shinsei-2024　", "全角の文字"),
    ],
)
def test_slips_of_typing_are_said_and_not_counted(an_application, typed, said):
    visitor = tries(an_application("検査申請審査中"), typed)

    visitor.sees(said, "誤りとして数えていません")
    assert visitor.field("申請用パスワード")["aria-invalid"] == "true"
    assert not PasswordLock.objects.exists()


@pytest.mark.parametrize(
    ("login", "field"),
    [
        ("/payment/login/", "password"),
        ("/mypage/login/", "password"),
        ("/mypage/password/", "current_password"),
    ],
)
def test_slips_are_said_at_the_logins_of_payment_users(client, login, field):
    payers.payment_user()

    answer = client.post(login, {"user_id": payers.PAYER, field: f"{payers.PASSWORD} "})

    assert "誤りとして数えていません" in text_of(answer)
    assert not PasswordLock.objects.exists()


def test_a_slip_gives_no_code_that_fails_at_the_counter(client):
    answer = client.post("/codes/issue/", AUTHENTICATION | {"password": "uketori-2024　"})

    assert "全角の文字" in text_of(answer)
    assert not Code.objects.exists()


def test_a_wait_is_said_where_a_code_is_asked_for(client, settings):
    settings.KOSS_PASSWORD_WAITS = [30]
    client.post("/codes/issue/", AUTHENTICATION)

    answer = client.post("/codes/issue/", AUTHENTICATION)

    assert answer.status_code == 429
    assert "確かめておらず、誤りとしても数えていません" in text_of(answer)
    assert Code.objects.count() == 1


def test_codes_of_one_source_come_to_a_trickle(client, settings):
    settings.KOSS_PASSWORD_WAITS = []
    settings.KOSS_WRITES_PER_SOURCE = 4  # three codes, and the counter of the one name

    codes = [client.post("/codes/issue/", AUTHENTICATION).status_code for _ in range(3)]
    refused = client.post("/codes/issue/", AUTHENTICATION)

    assert (codes, refused.status_code) == ([302, 302, 302], 429)
    assert "お使いの回線からの操作が続いています" in text_of(refused)
    assert Code.objects.count() == 3


def test_reset_requests_are_throttled_alike_for_known_and_unknown(settings):
    settings.KOSS_WRITES_PER_SOURCE = 3
    payers.payment_user()
    answers = {}
    for user_id in (payers.PAYER, "KNZZ9999"):
        Source.objects.all().delete()
        client = Client()
        answers[user_id] = [
            client.post("/mypage/reset/", {"user_id": user_id}).status_code for _ in range(5)
        ]

    assert answers[payers.PAYER] == answers["KNZZ9999"] == [302, 302, 302, 429, 429]
    assert DBTaskResult.objects.filter(queue_name="resets").count() == 6


def test_mail_goes_before_every_reset_that_waits(client):
    for _ in range(20):
        client.post("/mypage/reset/", {"user_id": "KNZZ9999"})
    outbox.send_due_mail.enqueue()

    queue = DBTaskResult.objects.filter(status=TaskResultStatus.READY)

    assert queue.ready().first().task_path == outbox.send_due_mail.module_path
    assert queue.ready().last().task_path == resets.send.module_path


def signs_in(name, password="uketsuke-2024"):
    return Client().post("/admin/login/", {"username": name, "password": password}).status_code


def test_staff_of_one_office_all_sign_in(settings):
    settings.KOSS_WRITES_PER_SOURCE = 2

    for number in range(4):
        user = a_user(username=f"staff{number}")
        user.set_password("uketsuke-2024")
        user.save()
        assert signs_in(user.username) == 302


def test_staff_of_a_source_that_has_to_wait_read_so(settings):
    """Not that the password is wrong, which nobody looked at."""
    settings.KOSS_WRITES_PER_SOURCE = 1
    signs_in("nobody")

    assert signs_in("somebody") == 429
