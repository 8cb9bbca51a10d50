"""``manage.py reconcile``: once by hand, or in a loop beside the worker."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from koss.ground import clock
from koss.management.commands import reconcile
from payments.money import awaiting, reconciling
from tests.rules.payments import numbers

NOON = clock.at(date(2026, 5, 10), hour=12)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    time_machine.move_to(NOON, tick=False)


def test_the_command_says_what_it_did(bank, capsys):
    bank.known = [bank.settles(numbers.batch(now=NOON))]

    call_command("reconcile")
    call_command("reconcile")

    assert capsys.readouterr().out == "照合：入金 1\n照合：差異なし\n"


def test_the_command_fails_where_the_bank_does_not_answer(bank, capsys):
    bank.unreachable = True

    with pytest.raises(CommandError, match="金融機関の回答がない"):
        call_command("reconcile")
    assert capsys.readouterr().out == "照合：回答なし 1\n"


class Enough(Exception):
    """Ends a loop that goes on for ever."""


@pytest.fixture
def rounds(monkeypatch, time_machine):
    """Runs the loop for as many rounds as functions are given; each is called at a round's end."""

    def run_them(*after_each):
        left = list(after_each)

        def rest(seconds):
            assert seconds == 30
            time_machine.shift(seconds)
            left.pop(0)()
            if not left:
                raise Enough

        monkeypatch.setattr(reconcile.time, "sleep", rest)
        monkeypatch.setattr(reconcile, "close_old_connections", lambda: None)
        with pytest.raises(Enough):
            call_command("reconcile", "--every", "30")

    return run_them


def nothing():
    """Between two rounds nothing happens."""


def test_the_loop_speaks_only_of_what_is_new(bank, capsys, rounds):
    bank.known = [bank.settles(numbers.batch(now=NOON))]

    rounds(nothing, nothing, nothing)

    assert capsys.readouterr().out == "照合：入金 1\n"


def test_the_loop_says_the_same_twice_when_it_happened_twice(bank, capsys, rounds):
    first, second = numbers.batch(now=NOON), numbers.batch(now=NOON)
    bank.known = [bank.settles(first)]

    rounds(lambda: bank.known.append(bank.settles(second)), nothing)

    assert capsys.readouterr().out == 2 * "照合：入金 1\n"


def test_the_loop_survives_a_bank_that_is_away(bank, capsys, rounds):
    information = numbers.batch(now=NOON)
    bank.unreachable = True

    def back():
        bank.unreachable = False
        bank.known = [bank.settles(information)]

    rounds(nothing, back, nothing)

    assert capsys.readouterr().out == "照合：回答なし 1\n照合：入金 1\n"


def test_the_loop_survives_a_database_that_is_away(bank, capsys, caplog, rounds, monkeypatch):
    answers = [OperationalError("the server closed the connection"), {"settlements": 1}]

    def answer(**_about):
        answered = answers.pop(0)
        if isinstance(answered, Exception):
            raise answered
        return answered

    monkeypatch.setattr(reconciling, "run", answer)
    monkeypatch.setattr(reconcile.connection, "close", lambda: None)

    rounds(nothing, nothing)

    assert capsys.readouterr().out == "照合：入金 1\n"
    assert "closed the connection" in caplog.text


def test_after_a_whole_round_the_loop_asks_only_for_what_is_new(bank, rounds):
    def away():
        bank.unreachable = True

    def back():
        bank.unreachable = False

    rounds(nothing, away, back, nothing)

    since = [asked["since"] for name, asked in bank.asked if name == "settlements"]
    first, second = NOON, NOON + timedelta(seconds=30)
    # The third round failed: the fourth asks as far back as that one.
    assert since == [first - awaiting.LOOK_BACK] + [
        begun - reconcile.OVERLAP for begun in (first, second, second)
    ]


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_an_impossible_pause_is_refused(seconds):
    with pytest.raises(CommandError):
        call_command("reconcile", "--every", seconds)
