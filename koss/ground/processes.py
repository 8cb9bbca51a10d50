"""Running the portal's programs side by side, and stopping all of them together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

_UNTIL_KILLED = 10
_LOOK_EVERY = 0.5
_LONGEST_PAUSE = 30
_PR_SET_PDEATHSIG = 1


@dataclass
class Program:
    """One command line to be kept running.

    A program that ends is started again, after pauses that grow while it keeps dying.
    ``essential``: when it ends before anything has come up, everything ends.
    """

    name: str
    command: list[str]
    essential: bool = False
    process: subprocess.Popen | None = None
    start_at: float = 0.0
    pause: float = field(default=1.0)


class Supervisor:
    """Keeps ``programs`` running until SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, programs, *, cwd, environment, say):
        self._programs = programs
        self._cwd = cwd
        self._environment = environment
        self._say = say
        # A plain flag: a second signal may come while the first is dealt with, and no lock of
        # Python's lets the same thread in twice.
        self._stop = False

    def run(self, *, when_started=None):
        """Run until stopped. Returns the exit status: 0 when asked to stop, else 1.

        ``when_started`` is called again and again until it returns true: everything is up then,
        and an essential program that ends is started again like the others.
        """
        # A terminal that is closed, or make that is ended, means everything here.
        before = {
            each: signal.signal(each, self._asked_to_stop)
            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
            # Under nohup a closed terminal means nothing.
            if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN
        }
        try:
            ended = self._watch(when_started)
        finally:
            self._end_all()
            for each, handler in before.items():
                signal.signal(each, handler)
        if ended:
            self._say(f"{ended.name} ended with status {ended.process.returncode}.")
        return 1 if ended else 0

    def _asked_to_stop(self, number, frame):
        self._stop = True

    def _watch(self, when_started):
        while not self._stop:
            for program in self._programs:
                if program.process and program.process.poll() is not None:
                    if program.essential and when_started:
                        return program
                    self._let_rest(program)
                if program.process is None and time.monotonic() >= program.start_at:
                    self._start(program)
            if when_started and when_started():
                when_started = None
            time.sleep(_LOOK_EVERY)
        return None

    def _start(self, program):
        program.start_at = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            cwd=self._cwd,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C reaches this supervisor alone, which then stops them all.
            process_group=0,
            preexec_fn=end_with_parent,
        )

    def _let_rest(self, program):
        lasted = time.monotonic() - program.start_at
        program.pause = 1.0 if lasted > _LONGEST_PAUSE else min(program.pause * 2, _LONGEST_PAUSE)
        self._say(
            f"{program.name} ended with status {program.process.returncode}; "
            f"it is started again in {program.pause:.0f} s."
        )
        program.process = None
        program.start_at = time.monotonic() + program.pause

    def _end_all(self):
        running = [program.process for program in self._programs if program.process]
        for process in running:
            if process.poll() is None:
                process.terminate()
        _wait(running, _UNTIL_KILLED)
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()


def _wait(processes, seconds):
    until = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            return


def end_with_parent():
    """For ``preexec_fn``: on Linux the new program is ended when its parent dies, however."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
