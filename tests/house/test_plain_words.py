"""Comments, docstrings and docs are in plain English: noun, verb, reason."""

import re
import subprocess

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
READ = ("*.py", "*.md", "*.html", "*.css", "*.js", "Makefile", ".ci/run")
NOT_OURS = ("static/vendor/", "tests/house/test_plain_words.py", "LICENSE", "NOTICE")


def not_plain(text):
    """The words of ``text`` that plain English does without."""
    return [found[0].lower() for found in NOT_PLAIN.finditer(text)]


def test_every_text_is_plain():
    listed = subprocess.run(
        ["git", "ls-files", "-z", *READ], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [name for name in listed.stdout.split("\0") if name and not name.startswith(NOT_OURS)]
    found = {name: not_plain((ROOT / name).read_text()) for name in paths}
    assert len(paths) > 500
    assert {name: words for name, words in found.items() if words} == {}


def test_a_planted_riddle_is_found():
    assert not_plain("Whoever tried in\nvain, or in vain, has the ball.") == [
        "whoever",
        "in vain",
        "has the ball",
    ]
    assert not_plain("The user who failed acts next; remain in Vaine.") == []
