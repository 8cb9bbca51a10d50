"""The sandbox bank as a process of its own, on a free port, with a database of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.processes import free_port, launch, newcomer

SECRET = "the secret that this bank and this portal share"
STARTS_WITHIN = 60


class Bank:
    """A bank that can be killed and started again. ``origin``: its address, no slash at the end."""

    def __init__(self, home, portal_origin, *, port=None, secret=SECRET):
        self._port = port or free_port()
        self._log = Path(home) / "bank.log"
        self._process = None
        self.origin = f"http://127.0.0.1:{self._port}"
        self._environment = newcomer(
            KOSS_DATA_DIR=str(home),
            KOSS_BANK_SECRET=secret,
            KOSS_ORIGIN=portal_origin,
            BANK_PORT=str(self._port),
        )

    def start(self):
        """Start it, and return when it answers."""
        with self._log.open("a") as log:
            self._process = launch(
                [sys.executable, "-m", "payments.sandbox"], self._environment, log
            )
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"The bank does not start:\n{self._log.read_text()}")

    def answers(self):
        """Whether somebody serves the bank's home page."""
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{self.origin}/", timeout=5).close()
            return True
        return False

    def kill(self):
        """SIGKILL, at once and to all of it; return when nothing of it is left."""
        self._end(signal.SIGKILL)

    def stop(self):
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def log(self):
        """What it has written so far."""
        return self._log.read_text()

    def _end(self, number):
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None
        until = time.monotonic() + 10
        while self.answers() and time.monotonic() < until:
            time.sleep(0.05)


@contextlib.contextmanager
def running_bank(home, portal_origin, *, port=None, secret=SECRET):
    """A Bank that answers, with its data in ``home``; it posts its notices to ``portal_origin``.

    The portal that is to speak to it needs KOSS_BANK_ORIGIN = its origin, KOSS_BANK_SECRET =
    ``secret``.
    """
    bank = Bank(home, portal_origin, port=port, secret=secret)
    try:
        bank.start()
        yield bank
    finally:
        bank.kill()
