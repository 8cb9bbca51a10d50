"""Nights have a bank that answers, unless a test lets it fall silent."""

import pytest


@pytest.fixture(autouse=True)
def a_bank(bank):
    return bank
