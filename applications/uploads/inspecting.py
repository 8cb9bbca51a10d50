"""Looking at a file without trusting it: its type by its content, its content in a child process.

One child at a time on a machine; its memory and time are limited by the kernel
(``applications/uploads/child.py``). The web process holds no more than what comes back.
"""

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings

from applications.uploads import scanning
from applications.uploads.refusals import FileFault, FileRefused

LARGEST = 10 * 1024 * 1024
_CHILD = Path(__file__).with_name("child.py")
_SECONDS = 30
_PATIENCE_SECONDS = 10
_LONGEST_HEAD = 1024 * 1024
# A file's first bytes → how it is looked at.
_KINDS = ((b"%PDF-", "document"), (b"\xff\xd8\xff", "picture"), (b"\x89PNG\r\n\x1a\n", "picture"))


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is kept: ``content`` of ``media_type``, and a JPEG of its first page."""

    media_type: str
    content: bytes
    preview: bytes


def inspect(file) -> Inspected:
    """Look at an uploaded ``file``. Raises FileRefused."""
    task = _task_of(file)
    with _alone():
        scanning.scan(file)
        head, [content, preview] = _run(task, file)
    return Inspected(head["type"], content, preview)


def codes_in(file) -> list[str]:
    """The texts of the two-dimensional codes in an uploaded picture. Raises FileRefused."""
    if _task_of(file) != "picture":
        raise FileRefused(FileFault.TYPE)
    with _alone():
        head, _files = _run("codes", file)
    return head["codes"]


def _task_of(file):
    if file.size > LARGEST:
        raise FileRefused(FileFault.TOO_LARGE)
    if not file.size:
        raise FileRefused(FileFault.EMPTY)
    file.seek(0)
    start = file.read(8)
    task = next((task for head, task in _KINDS if start.startswith(head)), None)
    if task is None:
        raise FileRefused(FileFault.TYPE)
    return task


def _run(task, file):
    """(head, the files after it) as the child wrote them. Raises FileRefused.

    The child reads from a disk and is read piece by piece, so that this process never holds more
    than what is kept.
    """
    with TemporaryFile(buffering=0) as source:
        for chunk in file.chunks():
            source.write(chunk)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), task],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": "", "OMP_NUM_THREADS": "1"},
        )
        last = threading.Timer(_SECONDS, child.kill)
        last.start()
        try:
            with child:
                head, files = _read(child.stdout)
        finally:
            last.cancel()
    if child.returncode or not head:
        raise FileRefused(FileFault.RESOURCES)
    if "refused" in head:
        raise FileRefused(head["refused"])
    return head, files


def _read(output):
    line = output.readline(_LONGEST_HEAD)
    try:
        head = json.loads(line) if line.endswith(b"\n") else {}
    except ValueError:
        head = {}
    sizes = head.get("sizes", [])
    if max(sizes, default=0) > LARGEST:
        return {}, []
    return head, [output.read(size) for size in sizes]


@contextmanager
def _alone():
    """No other child runs on this machine meanwhile; FileRefused(BUSY) after ten seconds."""
    import fcntl

    with open(settings.DATA_DIR / "uploads.lock", "w") as lock:
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise FileRefused(FileFault.BUSY) from None
                time.sleep(0.05)
        yield
