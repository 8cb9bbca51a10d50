"""Programs of the portal that tests start as processes of their own."""

import os
import re
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_OURS = re.compile(r"KOSS_|BANK_|DJANGO_|((DATABASE|EMAIL)_URL|DEMO|PORT|BIND)(_FILE)?$")


def is_ours(name):
    """Whether the portal or its bank would read the environment's ``name``."""
    return _OURS.match(name) is not None


def free_port():
    """A port that nobody listens on, and neither on the next one, where the bank will be."""
    while True:
        with socket.socket() as probe, socket.socket() as beside:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            with suppress(OSError, OverflowError):
                beside.bind(("127.0.0.1", port + 1))
                return port


def newcomer(**settings):
    """The environment of a newcomer with ``settings``, whatever this run of the tests was told."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not (is_ours(name) or name.startswith("PYTEST_"))
    }
    return kept | settings


def launch(command, environment, log):
    """Start ``command`` in a process group of its own; what it says goes to the file ``log``."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
