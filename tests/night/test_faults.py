"""The night killed anywhere, run at once, run twice, or missed: the end is always the same.

Each night has a database of its own, and what is to be killed is a process of its own.
"""

import random
import signal
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command

from koss.ground import clock
from koss.operation import invariants
from tests import databases
from tests.night import populate, stores
from tests.night.populate import OFFSETS, PER_STATUS

pytestmark = [pytest.mark.databases, pytest.mark.fault]

# Each evening is killed several times before its night may end.
EVENINGS, KILLS_EACH = 4, 3
# So few at once that a night has many points at which it can be killed.
CHUNK = 4
# A kill that comes too late, because this machine was busy elsewhere, proves nothing: try again.
ATTEMPTS = 4 * EVENINGS


@pytest.fixture(scope="module")
def business_date():
    return clock.business_date(clock.system_now())


@pytest.fixture(scope="module")
def evening(tmp_path_factory, django_db_setup, business_date, fork):
    """A database with everything that is due, before the night."""
    store = stores.fresh(tmp_path_factory.mktemp("night"))
    fork(store, lambda said: populate.populate(business_date)).finish()
    yield store
    store.drop()


@pytest.fixture
def copy_of(evening):
    """A function that gives a new copy of the evening's database."""
    copies = []

    def copy():
        copies.append(evening.copy())
        return copies[-1]

    yield copy
    for each in copies:
        each.drop()


class Night:
    """One run of ``manage.py night``, in a process of its own."""

    def __init__(self, fork, store, day):
        def run(said):
            call_command("night", str(day), stdout=said)

        self.store = store
        self.process = fork(store, run, KOSS_NIGHT_CHUNK=CHUNK)

    def finish(self):
        """Wait for its end; the lines it said about its progress."""
        about_the_night = ("夜間処理", " ")  # its title, its end, and the report
        said = self.process.finish().splitlines()
        return [line for line in said if not line.startswith(about_the_night)]

    def kill_after(self, lines, delay):
        """SIGKILL it ``delay`` seconds after it has reported so many chunks; was it half-way?"""
        for _ in range(1 + lines):  # the first line is the title
            self.process.stdout.readline()
        time.sleep(delay)
        self.process.kill()
        landed = self.process.returncode == -signal.SIGKILL
        return landed and not any(self.store.nights_finished())


@pytest.fixture(scope="module")
def night(fork, business_date):
    """A function that begins the night of a database, on ``business_date`` or another day."""

    def begun(store, day=business_date):
        return Night(fork, store, day)

    return begun


@pytest.fixture(scope="module")
def clean(evening, night):
    """(database after one undisturbed night, lines of progress, seconds for one of them)."""
    store = evening.copy()
    alone = night(store)
    alone.process.stdout.readline()
    begun = time.monotonic()
    progress = len(alone.finish())
    yield store, progress, (time.monotonic() - begun) / progress
    store.drop()


def moved(store):
    """What the runs of the night moved and wrote, summed over them, without the housekeeping."""
    sums = {}
    for _finished, counts in store.nights():
        for title, count in counts.items():
            sums[title] = sums.get(title, 0) + count
    sums.pop("wake_mail")
    return {title: count for title, count in sums.items() if count}


@pytest.fixture
def broken_rules(django_db_blocker):
    """A function that says which invariants a database breaks."""

    def of(store):
        with django_db_blocker.unblock(), databases.another(store.name):
            return invariants.broken()

    return of


def test_the_evening_has_enough_to_do(evening, clean, broken_rules):
    store, progress, _seconds = clean
    before, after = evening.contents(), store.contents()

    assert len(before["applications"]) == 7 * PER_STATUS
    assert before["mails"] == []
    changed = set(after["applications"]) - set(before["applications"])
    mailed = {mail for mail in after["mails"] if "deadline_" in mail}
    assert len(changed) > 40
    assert len(changed) + len(mailed) > 120
    assert progress > 30
    assert min(OFFSETS) < 0 < max(OFFSETS)
    kinds = {
        (move, status)
        for move in ("void_with_batch", "let_fees_lapse", "let_correction_lapse")
        for status in ("fees_due", "fees_in_batch", "awaiting_correction")
        if any(f'"{move}", "{status}"' in entry for entry in after["history"])
    }
    states = {
        (state, ended)
        for state in ("expired", "withdrawn")
        for ended in (0, 1)
        if any(f'"{state}"' in row and f", {1 - ended}, " in row for row in after["numbers"])
    }
    assert states == {("expired", 1), ("withdrawn", 1)}
    assert sum('"ordered"' in row for row in after["debits"]) > 2
    assert broken_rules(evening) == []
    assert kinds == {
        ("void_with_batch", "fees_in_batch"),
        ("let_fees_lapse", "fees_due"),
        ("let_fees_lapse", "fees_in_batch"),
        ("let_correction_lapse", "awaiting_correction"),
    }


def test_killed_at_twelve_random_points_and_run_again_it_ends_the_same(
    copy_of, clean, night, broken_rules
):
    store, progress, seconds = clean
    expected = store.contents()
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    points = random.Random(seed)
    whole = attempts = 0
    while whole < EVENINGS:
        attempts += 1
        assert attempts <= ATTEMPTS, f"only {whole} evenings were killed half-way each time"
        store = copy_of()
        # Each kill is somewhere in the next part of the night.
        kills = [
            (points.randrange(1, progress // KILLS_EACH), points.uniform(0, seconds))
            for _ in range(KILLS_EACH)
        ]
        print(f"evening {whole}: {kills}, chunks of {progress} and seconds")
        if not all(night(store).kill_after(*kill) for kill in kills):
            continue
        if store.contents() == expected:  # it came too late: nothing was left to do
            continue
        whole += 1
        night(store).finish()
        assert store.contents() == expected, f"seed {seed}, evening {whole}"
        assert broken_rules(store) == []
        assert store.nights_finished() == [False] * KILLS_EACH + [True]


def test_two_nights_at_once_are_one(copy_of, clean, night):
    alone, _progress, _seconds = clean
    shared = copy_of()

    for each in [night(shared) for _ in range(2)]:
        each.finish()

    assert shared.contents() == alone.contents()
    assert len(shared.nights()) == 2
    assert moved(shared) == moved(alone)


def test_a_second_night_moves_nothing(clean, night):
    first, _progress, _seconds = clean
    expected, once = first.contents(), moved(first)
    store = first.copy()

    assert night(store).finish() == [f"送信待ちメールの確認 {len(expected['mails'])}"]

    assert store.contents() == expected
    assert moved(store) == once
    assert store.nights_finished() == [True, True]
    store.drop()


def test_three_nights_missed_are_caught_up_in_one(copy_of, clean, business_date, night):
    """One night ends as four nights in a row would have, each at its date."""
    clean_store, _progress, _seconds = clean
    store = copy_of()
    contents = []
    for days in (3, 2, 1, 0):
        night(store, business_date - timedelta(days=days)).finish()
        contents.append(store.contents())

    assert contents[-1] == clean_store.contents()
    assert all(earlier != later for earlier, later in pairwise(contents))
