"""What a backup is on disk: a directory with the database, the uploaded files and a manifest.

``koss-20260401-050000/manifest.json`` names every other file with its SHA-256. It is written last
and the directory gets its name only then, so a directory of that name is whole.
"""

import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a Unix: nobody else is kept out
    fcntl = None

FORMAT = 1
MANIFEST = "manifest.json"
UPLOADS = "uploads"
# What a manifest may name: the database, and files right in the directory of uploads.
_FILE = re.compile(rf"database\.\w+|{UPLOADS}/\w[\w.-]*", re.ASCII)
_NAME = re.compile(r"koss-\d{8}-\d{6}")
_CHUNK = 1024 * 1024


class CopyFault(Exception):
    """A copy that cannot be made or used; the message says why."""


def named(moment: datetime):
    """The name of a copy that is made at ``moment``, in Japan's time."""
    return f"koss-{moment:%Y%m%d-%H%M%S}"


def all_in(directory):
    """Every whole copy in ``directory``, oldest first."""
    found = (path for path in directory.iterdir() if _NAME.fullmatch(path.name))
    return sorted(path for path in found if (path / MANIFEST).is_file())


def chosen(place):
    """``place`` where it is a copy itself, else the newest one in it. Raises CopyFault."""
    if (place / MANIFEST).is_file():
        return place
    if place.is_dir() and (found := all_in(place)):
        return found[-1]
    raise CopyFault(f"{place} is no copy, and there is none in it.")


@contextmanager
def alone(directory):
    """Nobody else makes a copy in ``directory`` meanwhile. Raises CopyFault where somebody does."""
    with (directory / ".lock").open("w") as lock:
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CopyFault(f"Another copy is being made in {directory}.") from None
        yield


@contextmanager
def making(directory, name):
    """A directory to fill; it gets its ``name`` when the block ends well, else it is removed."""
    if (directory / name).exists():
        raise CopyFault(f"{directory / name} is there already.")
    for left in directory.glob(".koss-*"):  # of one that was killed
        shutil.rmtree(left)
    unfinished = directory / f".{name}"
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        for each in (*_directories(unfinished), unfinished):
            sync(each)
        unfinished.rename(directory / name)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    sync(directory)


def keep_newest(directory, count):
    """Remove all but the ``count`` newest copies. Returns the names of what was removed."""
    gone = all_in(directory)[:-count]
    for copy in gone:
        # Without its manifest it is no copy any more, wherever a kill comes.
        (copy / MANIFEST).unlink()
        shutil.rmtree(copy)
    return [copy.name for copy in gone]


def write_manifest(copy, content):
    path = copy / MANIFEST
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sync(path)


def read_manifest(copy):
    """The manifest of ``copy``. Raises CopyFault where it cannot be read."""
    try:
        content = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise CopyFault(f"{copy} has the form {content['format']}, and {FORMAT} is known.")
        is_whole = _is_manifest(content)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CopyFault(f"The manifest of {copy} cannot be read.") from error
    if not is_whole:
        raise CopyFault(f"The manifest of {copy} is not as one was written.")
    return content


def damaged(copy, manifest):
    """Names of files that are not as ``manifest`` says."""
    return [
        name
        for name, facts in manifest["files"].items()
        if not _FILE.fullmatch(name) or digest_of(copy / name) != facts["sha256"]
    ]


def digest_of(path):
    """The SHA-256 of a file, or None where there is none."""
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None


def facts_of(path):
    return {"sha256": digest_of(path), "size": path.stat().st_size}


def write(path, chunks):
    """Write ``chunks`` to a new file that reaches the disk. Returns its facts."""
    found, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            found.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": found.hexdigest(), "size": size}


def sync(path):
    """What was written to ``path``, a file or a directory, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _directories(copy: Path):
    return [path for path in copy.rglob("*") if path.is_dir()]


def _is_manifest(content):
    """Whether all that is asked of a manifest is there and is text."""
    words = [content[name] for name in ("made_at", "version", "database")]
    words += [facts["sha256"] for facts in content["files"].values()]
    return all(isinstance(word, str) for word in [*words, *content["migrations"]])
