"""The lock files are exact and say nothing of the machine they were made on; the Makefile helps."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def pinned(lock):
    """Name and version of every package in a lock file, with the lines that belong to it."""
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    found = {}
    for block in blocks:
        name, version = re.match(r"([a-z0-9-]+)==([^\s;]+)", block).groups()
        found[name] = (version, block)
    return found


def wanted(requirements):
    """Package names out of pyproject's requirements, spelled as lock files spell them."""
    names = (re.match(r"[A-Za-z0-9._-]+", requirement)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock):
    assert [
        name for name, (_, block) in pinned(lock).items() if "--hash=sha256:" not in block
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_file_names_a_place(lock):
    text = (ROOT / lock).read_text()
    assert re.findall(r".*(?:://|--\w*index|--find-links|file:|@ ).*", text) == []
    assert re.findall(r"(?:^|\s)/\w.*", text) == []


def test_the_lock_files_hold_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, dev = (pinned(lock) for lock in LOCKS)
    assert wanted(project["project"]["dependencies"]) - set(runtime) == set()
    assert wanted(project["dependency-groups"]["dev"]) - set(dev) == set()


def test_developers_run_the_same_versions_as_the_portal():
    runtime, dev = (
        {name: version for name, (version, _) in pinned(lock).items()} for lock in LOCKS
    )
    assert runtime.items() <= dev.items()


def test_make_help_lists_every_target():
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+) ", listed, re.MULTILINE) == targets.split()
