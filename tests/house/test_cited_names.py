"""What code, tests and documents cite exists: files, tests, decisions, invariants, papers."""

import re
from collections import Counter
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec

import pytest

from koss.operation.invariants import RULES
from tests.house.sources import APPS, BANK, ROOT

ENDINGS = {".py", ".md", ".html", ".js", ".css", ".txt", ".toml"}
# What others wrote, and the names that this file plants.
LEFT_OUT = ("static/koss/vendor/", "tests/browser/axe", "tests/house/test_cited_names.py")
TOPS = "|".join((*APPS, "docs", "tests", "templates", "static"))
FILE = re.compile(
    rf"(?<![\w/.<>{{}}-])((?:{TOPS}|pages|parts)/[\w/.-]+\.(?:py|md|html|js|css|txt|png))"
    r"(?:::(\w+))?"
)
# A link of a document to a file beside it.
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
MODULE = re.compile(rf"``((?:{'|'.join(APPS)}|tests)(?:\.\w+)+)|\bask (koss(?:\.\w+)+)")
PAPER = re.compile(r"(?<![\w/.-])([\w-]+\.md)\b")
DECISION = re.compile(r"\b(?:adr/|ADR )(\d+)")
INVARIANT = re.compile(r"\"(I\d+ [a-z][a-z ]+)\"")
# Numbers of paragraphs in papers that are not here: a letter of ours, a hyphen, two digits.
PARAGRAPH = re.compile(r"(?<![\w-])[TRMD]-\d\d\b")
PLACES = [ROOT, ROOT / "static", ROOT / "templates", BANK / "templates"]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))


def sources():
    """(name, text) of everything that is read by people."""
    for top in (*APPS, "docs", "tests", "templates", "static", "."):
        found = (ROOT / top).glob("*") if top == "." else (ROOT / top).rglob("*")
        for path in sorted(found):
            name = path.relative_to(ROOT).as_posix()
            if (path.suffix in ENDINGS or name == "Makefile") and not name.startswith(LEFT_OUT):
                yield name, path.read_text()


def missing(text, folder=None):
    """What ``text`` cites and the repository does not have; ``folder``: that of a document."""
    for name, test in FILE.findall(text):
        files = [place / name for place in PLACES if (place / name).is_file()]
        if not files:
            yield name
        elif test and f"def {test}(" not in files[0].read_text():
            yield f"{name}::{test}"
    if folder:
        yield from (link for link in LINK.findall(text) if not (folder / link).exists())
    yield from (name for pair in MODULE.findall(text) if not is_there(name := pair[0] or pair[1]))
    papers = {path.name for path in ROOT.glob("docs/**/*.md")} | {"README.md", "CHANGELOG.md"}
    yield from (name for name in PAPER.findall(text) if name not in papers)
    numbers = {int(path.name[:4]) for path in DECISIONS}
    yield from (f"ADR {number}" for number in DECISION.findall(text) if int(number) not in numbers)
    rules = {rule.name for rule in RULES}
    yield from (name for name in INVARIANT.findall(text) if name not in rules)
    yield from PARAGRAPH.findall(text)


def is_there(name):
    """Whether ``name`` is a module of the house, or something in one."""
    module, _, last = name.rpartition(".")
    with suppress(ImportError):
        if find_spec(name):
            return True
    with suppress(ImportError):
        return hasattr(import_module(module), last)
    return False


def test_what_is_cited_exists():
    found = {
        name: list(missing(text, (ROOT / name).parent if name.endswith(".md") else None))
        for name, text in sources()
    }

    assert len(found) > 500
    assert {name: cited for name, cited in found.items() if cited} == {}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("as `koss/nowhere.py` says", "koss/nowhere.py"),
        ("# see docs/nowhere.md.", "docs/nowhere.md"),
        ("(docs/adr/0099)", "ADR 0099"),
        ("as ADR 98 decides", "ADR 98"),
        ("(product.md)", "product.md"),
        ("[rules](papers/trust)", "papers/trust"),
        ("{% include 'parts/_nowhere.html' %}", "parts/_nowhere.html"),
        (f"tests/house/{__name__.rpartition('.')[2]}.py::test_nothing", "::test_nothing"),
        ('Rule("I4 nothing of it", x)', "I4 nothing of it"),
        ("as ``koss.ground.nowhere`` says", "koss.ground.nowhere"),
        ("as ``koss.ground.clock.nothing`` says", "koss.ground.clock.nothing"),
        ("or ask koss.clock at the edge", "koss.clock"),
        ("refused (T-01)", "T-01"),
    ],
)
def test_a_planted_citation_is_found(planted, found):
    [cited] = set(missing(planted, ROOT))

    assert cited.endswith(found)


def test_what_exists_may_be_cited():
    assert list(missing("docs/rules.md, ADR 1, docs/adr/0001, README.md, koss/urls.py")) == []


def test_the_rules_name_where_they_are_enforced_and_which_test_shows_them():
    assert len(FILE.findall((ROOT / "docs" / "rules.md").read_text())) > 80


def unlike_their_numbers(decisions):
    """(name, title) of decisions whose number another has too, or that their title denies."""
    numbers = Counter(name[:4] for name, _title in decisions)
    for name, title in decisions:
        if numbers[name[:4]] > 1 or not title.startswith(f"# {int(name[:4])}. "):
            yield name, title


def test_every_decision_has_a_number_of_its_own():
    titles = [(path.name, path.read_text().splitlines()[0]) for path in DECISIONS]

    assert len(titles) > 10
    assert list(unlike_their_numbers(titles)) == []


def test_a_planted_second_number_is_found():
    one, two = ("0001-a.md", "# 1. A"), ("0001-b.md", "# 1. B")

    assert list(unlike_their_numbers([one, two])) == [one, two]
    assert list(unlike_their_numbers([("0002-c.md", "# 1. C"), one])) == [("0002-c.md", "# 1. C")]
