"""The feed misses nothing and repeats nothing, whichever commits first.

The control reads "id greater than the last" from the same writers and misses a row; with the lock
taken out two readers number the same.
"""

from threading import Event, Thread
from unittest import mock

import pytest
from django.db import IntegrityError, connections, transaction

from applications.life import feed
from applications.models import ApplicationEvent, ChangeKind, Channel, EventFeed
from koss.ground import clock
from payments.demo import payers
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.databases, pytest.mark.race, pytest.mark.django_db(transaction=True)]

WRITERS, EACH = 20, 12


@pytest.fixture
def application(an_application):
    made = an_application("検査申請受付中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    feed.number_new()
    return made


def note(application):
    feed.note([application], ChangeKind.PAPERS, now=clock.now())


def test_twenty_writers_and_five_readers(application):
    start = EventFeed.objects.get().last
    done, seen = Event(), [[] for _ in range(5)]

    def write():
        for _ in range(EACH):
            with transaction.atomic():
                note(application)

    def read(mine):
        cursor, last_round = start, False
        while True:
            last_round = done.is_set()
            rows = feed.after(payers.BULK_ID, cursor, limit=7)
            mine += [row.number for row in rows]
            cursor = mine[-1] if mine else cursor
            if last_round and not rows:
                connections.close_all()
                return

    readers = [Thread(target=read, args=[mine]) for mine in seen]
    for reader in readers:
        reader.start()
    all_at_once([write] * WRITERS)
    done.set()
    for reader in readers:
        reader.join()

    for mine in seen:
        assert mine == list(range(start + 1, start + 1 + WRITERS * EACH))


def two_that_commit_the_other_way_round(application, between):
    """One note, a second one that commits first, ``between``, and then the first commits."""
    noted, go_on = Event(), Event()

    def slow():
        with transaction.atomic():
            note(application)
            noted.set()
            go_on.wait(10)
        connections.close_all()

    writer = Thread(target=slow)
    writer.start()
    noted.wait(10)
    note(application)
    between()
    go_on.set()
    writer.join()


@pytest.mark.postgres
def test_who_commits_late_is_read_later_and_not_missed(application):
    seen, cursor = [], EventFeed.objects.get().last

    def read():
        nonlocal cursor
        rows = feed.after(payers.BULK_ID, cursor, limit=100)
        seen.extend(row.pk for row in rows)
        cursor = rows[-1].number if rows else cursor

    two_that_commit_the_other_way_round(application, read)
    read()

    first, second = ApplicationEvent.objects.order_by("-pk")[:2]
    assert seen == [first.pk, second.pk]


@pytest.mark.postgres
def test_control_greater_than_the_last_id_misses_it(application):
    seen, cursor = [], ApplicationEvent.objects.latest("pk").pk

    def read():
        nonlocal cursor
        keys = list(ApplicationEvent.objects.filter(pk__gt=cursor).values_list("pk", flat=True))
        seen.extend(sorted(keys))
        cursor = max([cursor, *keys])

    two_that_commit_the_other_way_round(application, read)
    read()

    assert len(seen) == 1


@pytest.mark.postgres
def test_control_without_the_lock_the_same_number_is_given_twice(application):
    for _ in range(3):
        note(application)
    locked = feed._locked_feed

    def unlocked():
        row = EventFeed.objects.get()
        # Another reader comes by, and is done before this one goes on.
        with mock.patch.object(feed, "_locked_feed", locked):
            all_at_once([feed.number_new])
        note(application)
        return row

    with mock.patch.object(feed, "_locked_feed", unlocked), pytest.raises(IntegrityError):
        feed.number_new()
