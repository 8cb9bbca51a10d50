"""The night killed anywhere, run at once, run twice, or missed: the end is always the same.

Each night here is a process of its own with a database of its own.
"""

import random
import signal
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from koss.ground import clock
from koss.operation import invariants
from tests import databases
from tests.night import stores
from tests.night.populate import OFFSETS, PER_STATUS

pytestmark = [pytest.mark.databases, pytest.mark.fault]

KILLS = 12
# A kill that comes too late, because this machine was busy elsewhere, proves nothing: try again.
ATTEMPTS = 4 * KILLS


@pytest.fixture(scope="module")
def business_date():
    return clock.business_date(clock.system_now())


@pytest.fixture(scope="module")
def evening(tmp_path_factory, django_db_setup, business_date):
    """A database with everything that is due, before the night."""
    store = stores.fresh(tmp_path_factory.mktemp("night"))
    filling = store.start("-m", "tests.night.populate", str(business_date))
    filling.communicate()
    assert filling.returncode == 0
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
    """One run of ``manage.py night``."""

    def __init__(self, store, day):
        self.store = store
        self.process = store.start("manage.py", "night", str(day))

    def finish(self):
        """Wait for its end; the lines it said about its progress."""
        said, _ = self.process.communicate(timeout=120)
        assert self.process.returncode == 0
        about_the_night = ("夜間処理", " ")  # its title, its end, and the report
        return [line for line in said.splitlines() if not line.startswith(about_the_night)]

    def kill_after(self, lines, delay):
        """SIGKILL it ``delay`` seconds after it has reported so many chunks; was it half-way?"""
        for _ in range(1 + lines):  # the first line is the title
            self.process.stdout.readline()
        time.sleep(delay)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        landed = self.process.returncode == -signal.SIGKILL
        [(finished, _counts)] = self.store.nights()
        return landed and not finished


@pytest.fixture(scope="module")
def clean(evening, business_date):
    """(database after one undisturbed night, lines of progress, seconds for one of them)."""
    store = evening.copy()
    night = Night(store, business_date)
    night.process.stdout.readline()
    begun = time.monotonic()
    progress = len(night.finish())
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
    assert len(changed) > 100
    assert len(changed) + len(mailed) > 300
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
    assert sum('"ordered"' in row for row in after["debits"]) > 3
    assert broken_rules(evening) == []
    assert kinds == {
        ("void_with_batch", "fees_in_batch"),
        ("let_fees_lapse", "fees_due"),
        ("let_fees_lapse", "fees_in_batch"),
        ("let_correction_lapse", "awaiting_correction"),
    }


def test_killed_at_twelve_random_points_and_run_again_it_ends_the_same(
    copy_of, clean, business_date, broken_rules
):
    store, progress, seconds = clean
    expected = store.contents()
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    points = random.Random(seed)
    landed = attempts = 0
    while landed < KILLS:
        attempts += 1
        assert attempts <= ATTEMPTS, f"only {landed} kills landed half-way"
        store = copy_of()
        lines = points.randrange(1, progress - 4)
        delay = points.uniform(0, seconds)
        if not Night(store, business_date).kill_after(lines, delay):
            continue
        if store.contents() == expected:  # it came too late: nothing was left to do
            continue
        landed += 1
        print(f"kill {landed}: {1000 * delay:.1f} ms after {lines} of {progress} chunks")
        Night(store, business_date).finish()
        assert store.contents() == expected, f"seed {seed}, kill {landed}"
        assert broken_rules(store) == []
        [killed, whole] = [finished for finished, _counts in store.nights()]
        assert (killed, whole) == (False, True)


def test_two_nights_at_once_are_one(copy_of, clean, business_date):
    alone, _progress, _seconds = clean
    shared = copy_of()

    nights = [Night(shared, business_date) for _ in range(2)]
    for night in nights:
        night.finish()

    assert shared.contents() == alone.contents()
    assert len(shared.nights()) == 2
    assert moved(shared) == moved(alone)


def test_a_second_night_moves_nothing(clean, business_date):
    first, _progress, _seconds = clean
    expected, once = first.contents(), moved(first)
    store = first.copy()

    assert Night(store, business_date).finish() == [
        f"送信待ちメールの確認 {len(expected['mails'])}"
    ]

    assert store.contents() == expected
    assert moved(store) == once
    store.drop()


def test_three_nights_missed_are_caught_up_in_one(copy_of, clean, business_date):
    """One night ends as four nights in a row would have, each at its date."""
    clean_store, _progress, _seconds = clean
    store = copy_of()
    contents = []
    for days in (3, 2, 1, 0):
        Night(store, business_date - timedelta(days=days)).finish()
        contents.append(store.contents())

    assert contents[-1] == clean_store.contents()
    assert all(earlier != later for earlier, later in pairwise(contents))
