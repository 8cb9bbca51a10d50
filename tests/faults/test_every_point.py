"""What moves money is killed at every point of it: before each statement, before and after commit.

Whenever it dies everything holds that must hold, and doing it again completes it.
"""

import json

import pytest

from tests.night import stores

pytestmark = [pytest.mark.databases, pytest.mark.fault]


@pytest.fixture
def store(tmp_path, django_db_setup):
    fresh = stores.fresh(tmp_path)
    yield fresh
    fresh.drop()


def found(store, *arguments):
    process = store.start("-m", "tests.faults.every_point", *arguments)
    said, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(said)


@pytest.mark.parametrize(
    "scenario", ["settle", "second", "withdraw", "expire", "fail", "send", "hand_in", "correct"]
)
def test_killed_anywhere_it_holds_and_is_done_the_second_time(store, scenario):
    result = found(store, scenario)

    assert result["points"] > 5
    assert result["broken"] == []
    assert result["undone"] == 0
    assert result["torn"] == 0


@pytest.mark.sqlite  # PostgreSQL does not even lock a row outside a transaction
def test_without_its_transaction_a_settlement_would_break_the_rules(store):
    """What stands above means something only as long as this finds something."""
    result = found(store, "settle", "unguarded")

    assert "I2 money pays" in result["broken"]
