"""What can differ between databases has the marker by which it runs on PostgreSQL too."""

import ast
import re

import pytest

from tests.house.sources import APPS, BANK, ROOT

MARKER = "databases"
TESTS = ROOT / "tests"
# SQL of its own, several connections at once, or what the database itself refuses.
OWN = re.compile(
    r"\.raw\(|\bcursor\(|\bRawSQL\b|\.extra\(|select_for_update|\.vendor\b|\bFunc\("
    r"|db\.models\.functions|\bIntegrityError\b|transaction=True|transactional_db"
    r"|\bmark\.postgres\b|tests\.(?:races|plans)\b"
)
# Code that asks the database in its own words.
OF_A_DATABASE = re.compile(r"\.vendor\b|\bcursor\(|\bRawSQL\b|\.raw\(|\.extra\(")
LOCKS = "select_for_update"
# Which test tries a lock that only pages lead to.
BY_PAGES = {"koss.staff.accounts": "edges/test_staff_accounts.py"}
# In these folders everything that uses the database at all.
WHOLE = {"rules", "night", "races", "faults"}
USES = re.compile(r"django_db|\b(?:an_application|db|transactional_db)\b(?=[,)])|mark\.fault")
# Of one database on purpose, or without one: programs on SQLite, browsers, this folder.
APART = re.compile(
    r"^pytestmark = (?:pytest\.mark\.(?:sqlite|browser)$|\[.*\bmark\.sqlite\b)", re.M
)


def product():
    """(dotted name, text) of every module of the product."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and not path.is_relative_to(BANK):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text()


def modules_with_tests():
    """(path from ``tests``, text) of every test module but those of this folder."""
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(TESTS).as_posix()
        if not name.startswith("house/"):
            yield name, path.read_text()


def imported(tree):
    """The dotted names that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
            yield node.module


def has_marker(nodes):
    return any(
        isinstance(node, ast.Attribute) and node.attr == MARKER
        for each in nodes
        for node in ast.walk(each)
    )


def is_marked(tree):
    """Whether the module as a whole has the marker."""
    return has_marker(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    )


def lacking(modules, special):
    """Test modules, or tests, that can differ between databases and lack the marker.

    ``special``: names of the product's modules that ask the database in their own words.
    """
    for name, text in modules:
        if APART.search(text):
            continue
        tree = ast.parse(text)
        if is_marked(tree):
            continue
        if name.partition("/")[0] in WHOLE and USES.search(text):
            yield name
            continue
        if special & set(imported(tree)):
            yield name
            continue
        for node in tree.body if OWN.search(text) else ():
            marks = getattr(node, "decorator_list", [])
            words = "\n".join(map(ast.unparse, [*marks, node]))
            if OWN.search(words) and not has_marker(marks):
                yield f"{name}::{getattr(node, 'name', node.lineno)}"


def never_locked(locking, modules):
    """Modules of the product that lock rows and that no marked test module imports or walks to."""
    known = set()
    for name, text in modules:
        tree = ast.parse(text if MARKER in text else "")
        if is_marked(tree):
            known |= {name, *imported(tree)}
    return sorted(each for each in locking if not {each, BY_PAGES.get(each)} & known)


def with_words(pattern):
    return {name for name, text in product() if re.search(pattern, text)}


def test_nothing_that_can_differ_lacks_the_marker():
    assert list(lacking(modules_with_tests(), with_words(OF_A_DATABASE))) == []


def test_every_lock_is_tried_on_both_databases():
    locking = with_words(LOCKS)

    assert len(locking) > 20
    assert never_locked(locking, modules_with_tests()) == []


def test_one_walk_and_the_migrations_run_on_both():
    for name in ("test_every_page.py", "test_migrations.py"):
        assert is_marked(ast.parse((TESTS / "edges" / name).read_text())), name


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("edges/a.py", "def test_x(): connection.cursor()"),
        ("edges/a.py", "def test_x(): Rate.objects.raw('SELECT 1')"),
        ("edges/a.py", "def test_x(): Rate.objects.select_for_update().get()"),
        ("edges/a.py", "def test_x(): x = connection.vendor"),
        ("edges/a.py", "from django.db.models.functions import Lower"),
        ("edges/a.py", "@pytest.mark.django_db(transaction=True)\ndef test_x(): pass"),
        ("edges/a.py", "from tests.races.crowd import at_once"),
        ("edges/a.py", "from koss.ground import name_search"),
        ("rules/a.py", "pytestmark = pytest.mark.django_db"),
        ("night/a.py", "def test_x(an_application): pass"),
        ("faults/a.py", "pytestmark = pytest.mark.fault"),
    ],
)
def test_a_planted_test_without_the_marker_is_found(name, planted):
    special = {"koss.ground.name_search"}

    assert list(lacking([(name, planted)], special))
    marked = f"pytestmark = [pytest.mark.databases, pytest.mark.x]\n{planted}"
    assert planted.startswith("pytestmark") or not list(lacking([(name, marked)], special))


def test_a_planted_lock_without_a_test_is_found():
    marked = "pytestmark = pytest.mark.databases\nfrom koss.mail import outbox"

    assert never_locked({"koss.mail.outbox"}, [("a.py", marked)]) == []
    assert never_locked({"koss.mail.inbox"}, [("a.py", marked)]) == ["koss.mail.inbox"]
    assert never_locked({"koss.mail.outbox"}, [("a.py", marked.partition("\n")[2])])
