"""The portal as `make run` starts it, with a demo world of its own, for as long as it is needed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT, free_port, launch, newcomer

STARTS_WITHIN = 300
# There is one of each procedure, and one test corrects it: others leave it to that test.
FOR_ITS_FILE = "添付書類のファイルも求める"


@dataclass(frozen=True)
class Account:
    """One application of the demo world; knows of itself what tests.signing_in asks."""

    receipt_number: str
    procedure: str
    status: str
    shows: str

    def get_status_display(self):
        return self.status


class Portal:
    """A running server. ``origin`` is its address without a slash at the end.

    ``settings``: of its environment, beside the usual ones.
    """

    def __init__(self, home, **settings):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self._environment = newcomer(
            KOSS_DATA_DIR=str(home),
            KOSS_DEMO="1",
            PORT=str(port),
            KOSS_WRITES_PER_SOURCE="10000",
            **settings,
        )
        self._log = Path(home) / "server.log"
        self._process = None
        self._left = []

    @contextlib.contextmanager
    def running(self):
        with self._log.open("w") as log:
            self._process = launch([sys.executable, "manage.py", "serve"], self._environment, log)
        try:
            self._wait()
            # What the coming night would change is left alone: one test lets it come.
            self._left = [account for account in self._accounts() if "翌朝" not in account.shows]
            yield self
        finally:
            self._end()

    def account(self, status, procedure="継続検査"):
        """An application to look at, always the same one."""
        return self._all(status, procedure)[0]

    def use_up(self, status, procedure="継続検査", *, shows=""):
        """An application to change: nobody else gets it. The one to look at stays."""
        rest = [
            each
            for each in self._all(status, procedure)[1:]
            if (shows in each.shows if shows else FOR_ITS_FILE not in each.shows)
        ]
        self._left.remove(rest[-1])
        return rest[-1]

    def manage(self, *arguments):
        """Run a management command beside the server; returns what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _all(self, status, procedure):
        return [each for each in self._left if (each.status, each.procedure) == (status, procedure)]

    def _accounts(self):
        facts = json.loads(self.manage("demo_accounts", "--json"))
        # What is locked cannot be opened, and what a receiver fetches goes all at once.
        others = ("ロック", "登録された受取者")
        return [
            Account(fact["receipt_number"], fact["procedure"], fact["status"], fact["shows"])
            for fact in facts
            if not any(words in fact["shows"] for words in others)
        ]

    def _wait(self):
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.origin}/health/", timeout=5).close()
                return
            time.sleep(0.1)
        raise AssertionError(f"The portal does not start:\n{self._log.read_text()}")

    def _end(self):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
