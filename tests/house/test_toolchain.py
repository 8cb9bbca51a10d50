"""The lock files are exact and say nothing of the machine they were made on; the Makefile helps."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def read(lock):
    return (ROOT / lock).read_text()


def pinned(text):
    """Name and version of every package in a lock file, with the lines that belong to it."""
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    found = {}
    for block in blocks:
        name, version = re.match(r"([a-z0-9-]+)==([^\s;]+)", block).groups()
        found[name] = (version, block)
    return found


def versions(text):
    return {name: version for name, (version, _) in pinned(text).items()}


def unhashed(text):
    return [name for name, (_, block) in pinned(text).items() if "--hash=sha256:" not in block]


def places(text):
    """What a lock file says of the machine it was made on."""
    return re.findall(r".*(?:://|--\w*index|--find-links|file:|@ ).*", text) + re.findall(
        r"(?:^|\s)/\w.*", text
    )


def wanted(requirements):
    """Package names out of pyproject's requirements, spelled as lock files spell them."""
    names = (re.match(r"[A-Za-z0-9._-]+", requirement)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def unexplained(makefile):
    """Targets of a Makefile that its help does not list, or lists without their being there."""
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    return targets ^ set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock):
    assert len(pinned(read(lock))) > 30
    assert unhashed(read(lock)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_file_names_a_place(lock):
    assert places(read(lock)) == []


def test_the_lock_files_hold_what_pyproject_asks_for():
    project = tomllib.loads(read("pyproject.toml"))
    runtime, dev = (pinned(read(lock)) for lock in LOCKS)
    assert wanted(project["project"]["dependencies"]) - set(runtime) == set()
    assert wanted(project["dependency-groups"]["dev"]) - set(dev) == set()


def test_developers_run_the_same_versions_as_the_portal():
    runtime, dev = (versions(read(lock)) for lock in LOCKS)
    assert runtime.items() <= dev.items()


def test_planted_faults_of_a_lock_file_are_found():
    runtime, dev = (read(lock) for lock in LOCKS)
    name, (version, block) = next(iter(pinned(runtime).items()))

    assert unhashed(runtime.replace(block, f"{name}=={version}\n")) == [name]
    assert versions(runtime.replace(f"{name}=={version}", f"{name}==0.0.1")).items() - (
        versions(dev).items()
    ) == {(name, "0.0.1")}
    assert wanted(["Django~=5.2", "no_such.package>=1"]) - set(pinned(runtime)) == {
        "no-such-package"
    }
    for planted in ("--index-url https://x.example/", "x @ file:///tmp/x", "    # via -r /tmp/x"):
        assert places(f"{runtime}\n{planted}\n"), planted


def test_make_help_lists_every_target():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split()

    assert re.findall(r"^make (\w+) ", listed, re.MULTILINE) == targets
    assert unexplained(read("Makefile")) == set()


def test_a_planted_target_without_words_is_found():
    assert unexplained(read("Makefile").replace(".PHONY: help", ".PHONY: help paint")) == {"paint"}
