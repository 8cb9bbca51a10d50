"""What the portal says that it cannot do yet: nothing of what it can do."""

import re
from pathlib import Path

from tests.processes import ROOT

DENIAL = re.compile("まだ(行え|提供|載せ)|提供していない")


def denials(text):
    return DENIAL.findall(text)


def test_no_page_denies_what_the_portal_does():
    templates = Path(ROOT, "templates").rglob("*.html")
    denied = [path.name for path in templates if denials(path.read_text(encoding="utf-8"))]

    assert denied == []


def test_a_planted_denial_is_found():
    assert denials("申請の受付は、まだ提供していません。")
