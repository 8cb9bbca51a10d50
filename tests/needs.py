"""What a test needs of the machine: missing, it is skipped, or fails where KOSS_REQUIRE says so."""

import os

import pytest


def are_required(what):
    """Whether ``KOSS_REQUIRE``, e.g. ``postgres,browser``, names it."""
    return what in os.environ.get("KOSS_REQUIRE", "").split(",")


def miss(what, reason):
    """End the running test, which cannot do without."""
    if are_required(what):
        pytest.fail(f"KOSS_REQUIRE asks for {what}: {reason}")
    pytest.skip(reason)
