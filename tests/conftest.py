"""What concerns every test: which of them can run here, and an account of those that cannot."""

import json
import os
from collections import Counter
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from hypothesis.configuration import set_hypothesis_home_dir

from tests import chromium

# Fixtures shared by many tests live in modules of their own.
pytest_plugins = ["tests.world", "tests.visitor", "tests.rules.post", "tests.banks"]

# What it remembers between runs belongs with the other caches. A busy machine is no mistake of
# the code: an example may take its time.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".data" / "cache" / "hypothesis")
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of the other database; skip those of a browser that is not there.

    Tests under tests/house get the marker of that name.
    """
    other = "sqlite" if connection.vendor == "postgresql" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]
    has_browser = chromium.find() is not None
    for item in items:
        if "house" in item.path.parent.parts:
            item.add_marker("house")
        if item.get_closest_marker("browser"):
            item.user_properties.append(("browser", True))
            if not has_browser:
                item.add_marker(pytest.mark.skip(reason=chromium.WHY_NOT))


@pytest.fixture(scope="session")
def chromium_path():
    """Path of the browser, for tests marked ``browser``."""
    return chromium.find()


def pytest_terminal_summary(terminalreporter):
    """Count the skips by reason, and hand the counts to tests/run.py when it asks for them."""
    stats = terminalreporter.stats
    skips = Counter()
    for report in stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        needs_browser = ("browser", True) in map(tuple, report.user_properties)
        skips[needs_browser, reason.removeprefix("Skipped: ")] += 1
    counts = {
        "passed": len(stats.get("passed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        # A known failure does not pass: it counts with what was left undone.
        "skipped": skips.total() + len(stats.get("xfailed", [])),
        "skips": [
            {"needs": "browser" if browser else "", "reason": reason, "count": count}
            for (browser, reason), count in sorted(skips.items())
        ],
    }
    for skip in counts["skips"]:
        terminalreporter.write_line(f"{skip['count']} skipped: {skip['reason']}")
    if asked := os.environ.get("KOSS_TEST_COUNTS"):
        Path(asked).write_text(json.dumps(counts))
