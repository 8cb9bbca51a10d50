"""What moves money is killed at every point of it: before each statement, before and after commit.

Whenever it dies everything holds that must hold, and doing it again completes it.
"""

import json

import pytest

from tests.faults import every_point
from tests.night import stores

pytestmark = [pytest.mark.databases, pytest.mark.fault]


@pytest.fixture
def store(tmp_path, django_db_setup):
    fresh = stores.fresh(tmp_path)
    yield fresh
    fresh.drop()


@pytest.fixture
def found(store, fork):
    """What ``every_point.look`` finds, in a process of its own."""

    def look(scenario, **options):
        return json.loads(
            fork(
                store, lambda said: json.dump(every_point.look(scenario, **options), said)
            ).finish()
        )

    return look


@pytest.mark.parametrize(
    "scenario", ["settle", "second", "withdraw", "expire", "fail", "send", "hand_in", "correct"]
)
def test_killed_anywhere_it_holds_and_is_done_the_second_time(found, scenario):
    result = found(scenario)

    assert result["points"] > 5
    assert result["broken"] == []
    assert result["undone"] == 0
    assert result["torn"] == 0


@pytest.mark.sqlite  # PostgreSQL does not even lock a row outside a transaction
def test_without_its_transaction_a_settlement_would_break_the_rules(found):
    """What stands above means something only as long as this finds something."""
    result = found("settle", unguarded=True)

    assert "I2 money pays" in result["broken"]
