"""The portal behind a real PgBouncer in transaction mode, with fewer sessions than clients."""

import gc
import json
import logging
import secrets
import subprocess
import sys
import threading
from collections import Counter

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.db import connection, transaction

from applications.life import feed, moves
from applications.models import Application, ApplicationEvent, Channel
from applications.status import Actor, Status
from koss.ground import clock
from koss.operation import backup, invariants, night, web_limits
from payments.batches import csv_files
from payments.demo import payers
from payments.models import PaymentInformation
from tests import postgres
from tests.operation.pooled import pool, through
from tests.processes import ROOT, newcomer
from tests.races.crowd import all_at_once, check, request_of_applicant
from tests.races.payers import takes
from tests.world import make

pytestmark = [
    pytest.mark.databases,
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

SESSIONS = 3
CLIENTS = 24


def settings_of(url, direct):
    """(entry of DATABASES, KOSS_DIRECT_DATABASE) as the portal's settings make them of these."""
    words = "import json, koss.settings as s; "
    words += "print(json.dumps([s.DATABASES['default'], s.KOSS_DIRECT_DATABASE]))"
    environment = newcomer(DATABASE_URL=url, KOSS_DIRECT_DATABASE_URL=direct)
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture
def pooled(settings):
    """This process works as the portal does that was told of the pool; gives the Pool."""
    settings.KOSS_POSTGRESQL_PROGRAMS = str(postgres.programs_of_the_wheel())
    with pool(SESSIONS) as made:
        entry, settings.KOSS_DIRECT_DATABASE = settings_of(made.url(), made.direct_url)
        with through(entry):
            yield made


def complaints():
    return [each.id for each in run_checks(tags=[Tags.database], databases=["default"])]


def sessions():
    """How many sessions of the server there are on this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_everything_at_once_with_fewer_sessions_than_clients(pooled, bank):
    waiting = [make(Status.FEES_IN_BATCH) for _ in range(4)]
    withdrawn = make("検査申請補正待ち")
    lapsing = make("検査申請補正待ち", deadline=clock.today())
    user = payers.payment_user()
    by_program = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
    sent = [make("検査申請補正待ち", **by_program) for _ in range(6)]
    last, day = feed_number(), clock.today()
    morning = clock.night_begins(day)

    def notes_a_move(application):
        return lambda: moves.perform(
            "withdraw", application, actor=Actor.APPLICANT, now=clock.now()
        )

    def runs_a_night():
        night.run(day, now=morning)

    def reads_the_feed():
        return [event.number for event in feed.after(payers.BULK_ID, last, limit=100)]

    request_key = moves.RequestKey.fresh(withdrawn)
    presses = [request_of_applicant(withdrawn, "withdraw", request_key) for _ in range(6)]
    takers = [takes(user, [each.pk for each in waiting], secrets.token_hex(16)) for _ in range(6)]
    tasks = [*presses, *takers, *map(notes_a_move, sent)]
    tasks += [reads_the_feed] * 4 + [runs_a_night] * 2
    assert len(tasks) == CLIENTS

    answers = all_at_once(tasks)

    check(withdrawn, answers[:6])
    assert Counter(answers[6:12]) == {302: 1, 409: 5}
    assert PaymentInformation.objects.filter(user=user).count() == 1
    numbers = reads_the_feed()
    assert numbers == sorted(set(numbers))
    assert not ApplicationEvent.objects.filter(number=None).exists()
    assert all(set(seen) <= set(numbers) for seen in answers[18:22])
    assert Application.objects.get(pk=lapsing.pk).status == Status.REJECTED
    assert invariants.broken() == []
    assert sessions() <= SESSIONS


def feed_number():
    feed.number_new()
    return (
        ApplicationEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    )


def read_piece_by_piece(information):
    """The lines of a batch's file; after the second one its session serves somebody else."""
    lines = csv_files.details(information)
    read = [next(lines), next(lines)]
    taken, go_on = threading.Event(), threading.Event()

    def another():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            taken.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=another)
    thread.start()
    taken.wait(10)
    try:
        return read + list(lines)
    finally:
        go_on.set()
        thread.join()


@pytest.mark.filterwarnings("ignore:.*deleted while still open:ResourceWarning")
def test_a_file_that_is_read_piece_by_piece_needs_no_session(pooled, monkeypatch, bank):
    monkeypatch.setattr(csv_files, "_AT_ONCE", 1)
    batch = payers.take_number([make(Status.FEES_IN_BATCH) for _ in range(2)], now=clock.now())

    assert len(read_piece_by_piece(batch)) == 5

    # What the setting is for: with a cursor of the server the next piece is not there.
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", False)
    with pytest.raises(psycopg.errors.InvalidCursorName):
        read_piece_by_piece(batch)
    gc.collect()  # the cursor that is gone says so here, and not in the next test


def test_a_copy_is_made_and_comes_back_past_the_pool(pooled, tmp_path):
    """Through it the way back would leave sessions without a search path, and so without tables."""
    make("検査申請補正待ち")
    all_at_once([Application.objects.count] * CLIENTS)  # every session there can be

    backup.restore(backup.take(tmp_path, now=clock.now()).copy, replace=True)

    assert all_at_once([Application.objects.count] * CLIENTS) == [1] * CLIENTS


def test_the_web_server_leaves_its_limit_to_the_pool(pooled, caplog):
    def limit():
        web_limits.limit_statements(connection=connection)
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    with caplog.at_level(logging.WARNING):
        assert limit() == "0"
    assert "statement_timeout" in caplog.text
    caplog.clear()
    entry, _direct = settings_of(pooled.url("koss_web"), pooled.direct_url)
    with through(entry):
        assert limit() == f"{web_limits.STATEMENT_SECONDS}s"
    assert not caplog.text


def test_the_checks_see_who_stands_in_between(pooled, settings):
    assert complaints() == []
    direct = settings.KOSS_DIRECT_DATABASE
    settings.KOSS_DIRECT_DATABASE = None
    assert complaints() == ["koss.W023"]
    settings.KOSS_DIRECT_DATABASE = dict(connection.settings_dict)
    assert complaints() == ["koss.E025"]
    settings.KOSS_DIRECT_DATABASE = direct | {"NAME": "postgres"}
    assert complaints() == ["koss.E025"]
    settings.KOSS_DIRECT_DATABASE = direct | {"PORT": "1", "HOST": "127.0.0.1"}
    assert complaints() == ["koss.E025"]
    with through(direct):
        settings.KOSS_DIRECT_DATABASE = direct
        assert complaints() == ["koss.W024"]
