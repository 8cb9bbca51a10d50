"""``manage.py night``: what an operator types and reads."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application
from applications.status import Status
from koss.ground import clock
from koss.models import NightRun
from koss.operation import night
from tests.world import make

D = date(2026, 5, 10)
MORNING = clock.night_begins(D)
DAY = timedelta(days=1)

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def time_stands_still(time_machine):
    """At five in the morning after D."""
    time_machine.move_to(MORNING, tick=False)


def due(count, status=Status.FEES_DUE, deadline=D):
    return [make(status, now=MORNING - DAY, deadline=deadline) for _ in range(count)]


def test_without_a_date_it_is_the_newest_night(capsys):
    due(2)
    due(1, deadline=D + DAY)

    call_command("night")

    assert NightRun.objects.get().business_date == D
    assert Application.objects.filter(status=Status.INVALID).count() == 2


def test_progress_and_report(capsys, settings):
    settings.KOSS_NIGHT_CHUNK = 2
    due(3)
    due(1, Status.AWAITING_CORRECTION)

    call_command("night")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "夜間処理 2026-05-10",
        "納付期限切れ 2",
        "納付期限切れ 3",
        "期限切れ却下 1",
    ]
    end = lines.index("夜間処理 2026-05-10 を終えました。")
    report = [line.split() for line in lines[end + 1 :]]
    assert [title for _count, title in report] == [str(step.title) for step in night.STEPS]
    assert ["3", "納付期限切れ"] in report
    assert ["0", "まとめ納付の取り下げ"] in report


def test_thousands_are_easy_to_read(capsys, monkeypatch):
    def step(business_date, *, now, chunk):
        yield 1000
        yield 234

    monkeypatch.setattr(night, "STEPS", (night.Step("step", "納付期限切れ", step),))

    call_command("night")

    assert "納付期限切れ 1,000\n納付期限切れ 1,234\n" in capsys.readouterr().out


def test_every_line_appears_at_once(capsys, monkeypatch):
    """Also where the output is a pipe: operators see where the night stands."""
    seen = []

    def step(business_date, *, now, chunk):
        yield 1
        seen.append(capsys.readouterr().out)

    monkeypatch.setattr(night, "STEPS", (night.Step("step", "納付期限切れ", step),))
    call_command("night")

    assert "納付期限切れ 1\n" in seen[0]


def test_quiet_says_nothing(capsys):
    due(1)

    call_command("night", "--quiet")

    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    assert NightRun.objects.get().finished_at


def test_an_earlier_date_may_be_named():
    due(1)
    due(1, deadline=D - DAY)

    call_command("night", "2026-05-09")

    assert NightRun.objects.get().business_date == D - DAY
    assert Application.objects.filter(status=Status.INVALID).count() == 1


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30", "2026/05/09", "2026-5-9x"])
def test_a_date_that_is_none_is_named(typed):
    with pytest.raises(CommandError, match="2026-04-01") as refused:
        call_command("night", typed)

    assert typed in str(refused.value)
    assert NightRun.objects.count() == 0


def test_a_night_that_lies_ahead_says_when_it_begins():
    with pytest.raises(CommandError, match="2026-05-11 の夜間処理は 2026-05-12 05:00 から"):
        call_command("night", "2026-05-11")


def test_steps_that_failed_are_named(monkeypatch, caplog):
    def broken(business_date, *, now, chunk):
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(
        night, "STEPS", (night.Step("step", "納付期限切れ", broken), *night.STEPS[1:])
    )

    with pytest.raises(CommandError, match="納付期限切れ"):
        call_command("night")

    assert NightRun.objects.get().finished_at is None
