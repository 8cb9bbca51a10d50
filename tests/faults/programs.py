"""The portal's programs, each killed and started again like by an operator's supervisor."""

import os
import signal
import subprocess
import sys
import time

from tests.bank.process import SECRET
from tests.processes import ROOT, free_port, launch, newcomer


class Portal:
    """Web server, worker and reconciliation with a database and a directory of their own."""

    def __init__(self, home, database):
        self.home = home
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.environment = newcomer(
            DJANGO_SETTINGS_MODULE="koss.settings",
            DATABASE_URL=database,
            KOSS_DATA_DIR=str(home),
            KOSS_SECRET_KEY="a secret for this test alone",
            KOSS_BANK_SECRET=SECRET,
            KOSS_ORIGIN=self.origin,
            KOSS_DEMO="0",
            EMAIL_URL="dummymail://",
        )
        manage = [sys.executable, "manage.py"]
        self._commands = {
            "web": [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"),
                *("--log-level", "warning", "koss.wsgi:application"),
            ],
            "worker": [*manage, "db_worker", "--no-reload", "--interval", "0.2"],
            "reconciliation": [*manage, "reconcile", "--every", "1"],
        }
        self._running = {}

    def meets(self, bank):
        """From the next start on this is its bank."""
        self.environment["KOSS_BANK_ORIGIN"] = bank.origin

    def run(self, *arguments):
        """One program to its end: (exit status, what it said)."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def keep_running(self):
        """Start whatever is not there."""
        for name, command in self._commands.items():
            process = self._running.get(name)
            if process is None or process.poll() is not None:
                with open(self.home / f"{name}.log", "ab") as log:
                    self._running[name] = launch(command, self.environment, log)

    def kill(self, name):
        """SIGKILL to one of them and to all that it has started."""
        process = self._running.get(name)
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_all(self):
        for name in self._commands:
            self.kill(name)

    def logs(self):
        return "\n".join(
            f"== {name}\n{(self.home / f'{name}.log').read_text()[-2000:]}"
            for name in self._commands
            if (self.home / f"{name}.log").exists()
        )


def wait_until(holds, seconds, why):
    """What ``holds`` returns, as soon as it is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(0.2)
    raise AssertionError(why())
