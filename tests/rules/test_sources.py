"""What one source may do unknown: wrong passwords, and rows left behind."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password

from koss.access import passwords, sources
from koss.access.passwords import Verdict
from koss.ground import clock
from koss.models import PasswordLock, Source, SourceMiss

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=clock.JAPAN)
DAY = timedelta(days=1)
RIGHT = "shinsei-2024"
OFFICE, STRANGER = "192.0.2.1", "203.0.113.7"


@pytest.fixture(scope="module")
def encoded():
    return make_password(RIGHT)


@pytest.fixture
def attempt(encoded, settings):
    settings.KOSS_PASSWORD_WAITS = []

    def attempt(typed, subject, *, now=NOON, source=STRANGER, device=""):
        return passwords.attempt(
            "application", subject, typed, encoded, now=now, source=source, device=device
        )

    return lambda *args, **more: attempt(*args, **more).verdict


def locked():
    return PasswordLock.objects.exclude(locked_at=None).count()


def test_an_office_looks_up_as_many_numbers_of_its_own_as_it_has(attempt, settings):
    """A right password gives back the row that its first try made."""
    settings.KOSS_WRITES_PER_SOURCE = 3

    verdicts = {attempt(RIGHT, str(number)) for number in range(9)}

    assert verdicts == {passwords.Verdict.RIGHT}


def test_one_source_cannot_bring_thirty_numbers_to_the_edge(attempt):
    """Four failures at each of thirty numbers, and the first slip of each owner would lock."""
    for number in range(30):
        for _ in range(4):
            attempt("wrong", str(number))

    failures = list(PasswordLock.objects.order_by("-failures").values_list("failures", flat=True))
    assert failures == [4, 4] + [1] * 28
    for number in range(2, 30):
        assert attempt("slip", str(number), source=OFFICE, device="mine") is Verdict.WRONG
        assert attempt(RIGHT, str(number), source=OFFICE, device="mine") is Verdict.RIGHT


def test_one_source_locks_two_numbers_a_day_and_no_more(attempt):
    for hour in range(0, 24, 2):
        for number in range(4):
            for _ in range(5):
                attempt("wrong", str(number), now=NOON + timedelta(hours=hour))

    assert locked() == 2


def test_a_source_is_refused_only_for_numbers_it_has_missed(attempt):
    for number in range(2):
        for _ in range(5):
            attempt("wrong", str(number), source=OFFICE)

    attempt("slip", "mine", source=OFFICE)
    assert attempt(RIGHT, "mine", source=OFFICE) is Verdict.SOURCE_SPENT
    assert attempt(RIGHT, "another", source=OFFICE) is Verdict.RIGHT
    assert attempt(RIGHT, "mine", source=STRANGER) is Verdict.RIGHT


def test_it_says_from_when_on_it_is_taken_and_keeps_to_it(encoded, attempt):
    for number in range(2):
        for _ in range(4):
            attempt("wrong", str(number))

    answer = passwords.attempt("application", "0", "x", encoded, now=NOON, source=STRANGER)

    assert answer.verdict is Verdict.SOURCE_SPENT
    before = answer.retry_at - timedelta(seconds=3)
    assert attempt("x", "0", now=before) is Verdict.SOURCE_SPENT
    assert attempt(RIGHT, "0", now=answer.retry_at) is Verdict.RIGHT


def test_a_right_password_takes_its_own_misses_back(attempt):
    """An office whose clerks slip and then get it right is never refused."""
    for number in range(50):
        for _ in range(3):
            assert attempt("slip", str(number), source=OFFICE) is Verdict.WRONG
        assert attempt(RIGHT, str(number), source=OFFICE) is Verdict.RIGHT

    assert Source.objects.get().misses == pytest.approx(0)
    assert not SourceMiss.objects.exists()


def test_misses_halve_every_day(attempt):
    for _ in range(4):
        attempt("wrong", "1")

    with_yesterdays = sources.lock(STRANGER, now=NOON + DAY)

    assert with_yesterdays.misses == pytest.approx(2)


def test_a_browser_that_was_let_in_is_not_refused_with_its_source(attempt):
    attempt(RIGHT, "mine", device="browser")
    for number in ("1", "2", "mine"):
        for _ in range(4):
            attempt("wrong", number)

    assert attempt("slip", "mine", device="browser") is Verdict.WRONG
    assert attempt(RIGHT, "mine", device="browser") is Verdict.RIGHT


def test_lifting_a_source_lifts_no_lock(attempt):
    for number in range(2):
        for _ in range(5):
            attempt("wrong", str(number))
    assert attempt(RIGHT, "1") is Verdict.SOURCE_SPENT

    assert sources.lift(sources.refused(now=NOON)) == 1

    assert attempt("wrong", "1") is Verdict.WRONG
    assert attempt(RIGHT, "0") is Verdict.LOCKED


def test_rows_of_a_source_come_to_a_trickle(settings):
    settings.KOSS_WRITES_PER_SOURCE = 10
    for _ in range(10):
        sources.admit(STRANGER, now=NOON)

    with pytest.raises(sources.TooMany) as refused:
        sources.admit(STRANGER, now=NOON)
    sources.admit(OFFICE, now=NOON)

    later = refused.value.retry_at
    assert later < NOON + timedelta(minutes=2)
    sources.admit(STRANGER, now=later)
    with pytest.raises(sources.TooMany):
        sources.admit(STRANGER, now=later)


def test_counters_of_many_numbers_come_to_a_trickle(attempt, settings):
    settings.KOSS_WRITES_PER_SOURCE = 10

    answers = [attempt("wrong", str(number)) for number in range(40)]

    assert answers.count(Verdict.SOURCE_BUSY) == 30
    assert PasswordLock.objects.count() == 10
    assert attempt(RIGHT, "41", source=OFFICE) is Verdict.RIGHT


def test_the_night_forgets_what_has_halved_to_nothing(attempt):
    attempt("wrong", "1")
    attempt("wrong", "1", source=OFFICE, now=NOON + 5 * DAY)

    done = list(sources.forget_old(None, now=NOON + 8 * DAY, chunk=10))

    assert done == [1, 1]
    assert Source.objects.get().address == OFFICE
