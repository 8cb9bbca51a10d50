"""Comments, docstrings and docs are in plain English: noun, verb, reason."""

import re

from tests.house.sources import ROOT

# What reads like a riddle, each with the plain word in its place.
NOT_PLAIN = re.compile(
    r"\b(whoever"  # the person who; the user
    r"|whomever"
    r"|in vain"  # failed
    r"|in earnest"  # outside the demo
    r"|has the ball"  # acts next
    r"|thereof|herein|hereby|whence)\b",
    re.IGNORECASE,
)
READ = {".py", ".md", ".html", ".css", ".js"}
FILES = ("Makefile", ".ci/run")
NOT_OURS = ("static/vendor/", "tests/house/test_plain_words.py")


def not_plain(text):
    """The words of ``text`` that plain English does without."""
    return [found[0].lower() for found in NOT_PLAIN.finditer(text)]


def texts():
    """Every text of the repository, by its path: what is hidden, such as .venv, is none of it."""
    for top in sorted(ROOT.iterdir()):
        if top.name.startswith("."):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in READ and not name.startswith(NOT_OURS):
                yield name, path.read_text()
    for name in FILES:
        yield name, (ROOT / name).read_text()


def test_every_text_is_plain():
    read = dict(texts())
    assert len(read) > 500
    found = {name: not_plain(text) for name, text in read.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_planted_riddle_is_found():
    assert not_plain("Whoever tried in\nvain, or in vain, has the ball.") == [
        "whoever",
        "in vain",
        "has the ball",
    ]
    assert not_plain("The user who failed acts next; remain in Vaine.") == []
