"""/health/ for load balancers, and ``manage.py health`` for operators."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django_tasks_db.models import DBTaskResult

from koss.ground import clock
from koss.mail import outbox
from koss.models import MailState, OutgoingMail
from koss.operation import health, night
from payments.payer import resets

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _forgetful():
    health._require_migrations.cache_clear()
    yield
    health._require_migrations.cache_clear()


@pytest.fixture
def _no_database(monkeypatch):
    def refuse(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(connections["default"], "cursor", refuse)


def findings():
    return {line.title: line for line in health.findings(now=clock.now())}


def test_well(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


def test_asking_again_costs_one_query(client, django_assert_num_queries):
    client.get("/health/")
    with django_assert_num_queries(1):
        client.get("/health/")


@pytest.mark.usefixtures("_no_database")
def test_without_a_database(client, settings):
    settings.DEMO = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.demo.middleware.hold_clock"]
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")


@pytest.mark.usefixtures("_no_database")
def test_a_process_lives_whatever_is_away(client, settings):
    settings.DEMO = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "koss.demo.middleware.hold_clock"]
    assert client.get("/health/live/").json() == {"status": "ok"}
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database")
    assert len(answer.content) < 100


def test_ready_for_visitors(client, django_assert_num_queries):
    client.get("/health/ready/")
    with django_assert_num_queries(2):
        answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_standby_is_not_ready(client):
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY" if postgres else "PRAGMA query_only = 1")
        try:
            answer = client.get("/health/ready/")
            well = client.get("/health/").status_code
        finally:
            cursor.execute("SELECT 1" if postgres else "PRAGMA query_only = 0")
    assert (answer.status_code, answer.json()["reason"], well) == (503, "read_only", 200)


def test_a_full_disk_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "ROOM", 2**80)
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["reason"]) == (503, "disk")


def test_without_a_migration(client, monkeypatch):
    monkeypatch.setattr(
        "django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda self: {}
    )
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations")


def test_only_reading_is_answered(client):
    assert client.post("/health/").status_code == 405


class TestForOperators:
    def test_a_new_portal_waits_for_its_first_night(self, capsys):
        with pytest.raises(SystemExit, match="1"):
            call_command("health")
        said = capsys.readouterr().out
        assert "ok   database: answers, migrated" in said
        assert "LOOK last night: never" in said

    def test_all_is_well_after_the_night(self):
        night.run(clock.business_date(clock.now()), now=clock.now())
        OutgoingMail.objects.all().delete()
        out = StringIO()
        call_command("health", stdout=out)
        assert "LOOK" not in out.getvalue()

    def test_a_missed_night(self):
        day = clock.business_date(clock.now()) - timedelta(days=1)
        night.run(day, now=clock.now())
        # A night has two hours: before seven in the morning the one of yesterday is not missed yet.
        late = clock.at(clock.day(clock.now()), hour=12)
        found = {each.title: each.well for each in health.findings(now=late)}
        assert found["last night"] is (day + timedelta(days=2) > clock.day(late))

    @pytest.mark.parametrize(("hour", "well"), [(4, True), (5, True), (6, True), (7, False)])
    def test_a_night_has_its_time(self, hour, well):
        """The night of the 10th begins on the 11th at five."""
        night.run(date(2026, 5, 9), now=clock.now())
        now = clock.at(date(2026, 5, 11), hour=hour)
        found = {each.title: each.well for each in health.findings(now=now)}
        assert found["last night"] is well

    @pytest.mark.parametrize(
        ("length", "words"),
        [
            (timedelta(minutes=5), "5 min"),
            (timedelta(days=2, minutes=5), "2 d 0 h 5 min"),
            (timedelta(hours=3), "3 h 0 min"),
        ],
    )
    def test_how_long_the_oldest_waits(self, length, words):
        task = resets.send.enqueue("KNAB1234", "")
        DBTaskResult.objects.filter(pk=task.id).update(enqueued_at=clock.system_now() - length)
        assert findings()["tasks ready"].value == f"1, the oldest for {words}"

    def test_mails_that_wait_too_long(self):
        letter = outbox.Letter(key="k", template="ready", to="a@koss.example")
        outbox.put([letter], now=clock.now())
        assert findings()["mails waiting"].well
        OutgoingMail.objects.update(due_at=clock.now() - timedelta(hours=1))
        assert not findings()["mails waiting"].well

    def test_dead_letters(self):
        letter = outbox.Letter(key="k", template="ready", to="a@koss.example")
        outbox.put([letter], now=clock.now())
        OutgoingMail.objects.update(state=MailState.DEAD)
        assert not findings()["mails that could not be sent"].well

    @pytest.mark.usefixtures("_no_database")
    def test_without_a_database(self, capsys):
        with pytest.raises(SystemExit, match="1"):
            call_command("health")
        assert capsys.readouterr().out == "LOOK database: does not answer\n"
