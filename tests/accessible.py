"""``python -m tests.accessible``: look at every page, note that no barrier was found, picture all.

Where one was, the list stays as it is, and so does the date of the statement.
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium, screens

_WALK = Path(__file__).parent / "edges" / "test_every_page.py"
_AXE = Path(__file__).parent / "browser" / "axe.min.js"


def axe_version():
    return re.match(r"/\*! axe v([\d.]+)", _AXE.read_text()[:100])[1]


def main():
    os.environ["KOSS_REQUIRE"] = "browser"
    screens.begin()
    if failed := pytest.main(["-q", "--numprocesses", "auto", str(_WALK)]):
        return failed
    from koss.ground import clock
    from koss.portal import accessibility
    from tests.every_page import EVERY

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_lightest(), args=["--no-sandbox"]
        )
        version = browser.version
        browser.close()
    facts = {
        "on": clock.day(clock.system_now()).isoformat(),
        "pages": len(EVERY),
        "axe": axe_version(),
        "browser": version.partition(".")[0],
    }
    accessibility.LIST.write_text(json.dumps(facts, indent=0) + "\n", encoding="utf-8")
    screens.write_page(accessibility.last_run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
