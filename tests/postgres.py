"""A PostgreSQL server for one test run, from the wheel ``pgserver``, thrown away afterwards.

Only the programs in that wheel are used. It listens on a socket in a private directory, so it
takes no port and nobody else can reach it. PostgreSQL refuses to run as root: root hands the
server to the user ``nobody``, with copies in the system's temporary directory when ``nobody``
cannot read this repository.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

# Nothing here outlives the run, so nothing needs to reach the disk.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}
LONGEST_SOCKET_PATH = 80  # the kernel's limit is 107, of which the file's name takes its part


class Unavailable(Exception):
    """There is no server to be had; the message says why."""


# What a server needs that is to lose nothing when it is killed.
DURABLE = OPTIONS | {"synchronous_commit": "on", "full_page_writes": "on", "max_connections": "50"}


class Server:
    """A database cluster whose server can be started, stopped and killed.

    ``url``: where a database ``koss`` of it would be. ``host``: the directory of its socket.
    """

    def __init__(self, programs, data, sockets, owner, options):
        self._place = programs, data, sockets, owner
        self._options = options | {"unix_socket_directories": str(sockets)}
        self._running = None
        self.host = str(sockets)
        self.url = f"postgres://postgres@/{quote(str(sockets))}/koss"

    def start(self):
        """Start it, and return when it takes connections."""
        programs, data, sockets, owner = self._place
        settings = [
            part for name, value in self._options.items() for part in ("-c", f"{name}={value}")
        ]
        with open(sockets.parent / "postgres.log", "ab") as log:
            self._running = subprocess.Popen(
                [programs / "postgres", "-D", data, *settings],
                cwd=data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for the tests; the server ends after them.
                start_new_session=True,
                **_as(owner),
            )
        _wait_for(self._running, sockets)

    def stop(self):
        """End it and the sessions that are still open."""
        self._running.send_signal(signal.SIGINT)
        self._running.wait(timeout=30)

    def kill(self):
        """SIGKILL, to the server and every session of it; nothing where none is running."""
        if self._running is None or self._running.poll() is not None:
            return
        # Each session leads a group of its own. Stopped, the server begins no new one meanwhile.
        self._running.send_signal(signal.SIGSTOP)
        for session in _children(self._running.pid):
            with suppress(ProcessLookupError):
                os.kill(session, signal.SIGKILL)
        self._running.kill()
        self._running.wait()
        time.sleep(0.2)  # until the sessions have let go of the memory that they shared


@contextmanager
def server(directory: Path):
    """The URL of a fresh server while the block runs; its files are in a new ``directory``."""
    with cluster(directory) as fresh:
        fresh.start()
        try:
            yield fresh.url
        finally:
            fresh.stop()


@contextmanager
def cluster(directory: Path, options=OPTIONS):
    """A fresh Server, not yet started. One that is not stopped inside the block is killed."""
    programs = _programs()
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    elsewhere = []
    directory.mkdir()
    directory.chmod(0o755)
    try:
        if owner and not _reaches(owner, programs, directory):
            directory = _temporary(elsewhere)
            programs = _copy(programs, directory)
        sockets = directory
        if len(str(directory)) > LONGEST_SOCKET_PATH:
            sockets = _temporary(elsewhere)
        data, sockets = _own(directory / "data", owner), _own(sockets / "socket", owner)
        _initialise(programs, data, owner)
        fresh = Server(programs, data, sockets, owner, options)
        try:
            yield fresh
        finally:
            fresh.kill()
    finally:
        for path in elsewhere:
            shutil.rmtree(path, ignore_errors=True)


def _children(parent):
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, of in pairs if int(of) == parent]


def _programs():
    spec = find_spec("pgserver")
    if spec is None:
        raise Unavailable("the package pgserver has no wheel for this Python or machine")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _as(owner):
    """Arguments for subprocess that run a program as ``owner``."""
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _reaches(owner, programs, directory):
    """Whether ``owner`` may start the programs and enter the directory."""
    probes = [programs / "initdb", "--version"], ["test", "-x", directory]
    try:
        return not any(
            subprocess.run(probe, capture_output=True, **_as(owner)).returncode for probe in probes
        )
    except OSError:
        return False


def _copy(programs, directory):
    """Copies of the programs, at the same distance from the libraries that they load."""
    package = programs.parent.parent
    for part in package, package.with_name("pgserver.libs"):
        shutil.copytree(part, directory / part.name)
    return directory / programs.relative_to(package.parent)


def _temporary(elsewhere):
    """A directory of the system's, open to the server's user and noted for removal."""
    directory = Path(tempfile.mkdtemp(prefix="koss-postgres-"))
    elsewhere.append(directory)
    directory.chmod(0o755)
    return directory


def _own(directory, owner):
    directory.mkdir(mode=0o700)
    if owner:
        os.chown(directory, owner.pw_uid, owner.pw_gid)
    return directory


def _initialise(programs, data, owner):
    command = [programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust"]
    command += ["--encoding", "UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(
        command, cwd=data, capture_output=True, text=True, errors="replace", **_as(owner)
    )
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip()}")


def _wait_for(running, sockets):
    """Until it takes connections: it listens a moment before it can answer."""
    for _ in range(300):
        if running.poll() is not None:
            break
        try:
            psycopg.connect(host=str(sockets), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    log = (sockets.parent / "postgres.log").read_text(errors="replace").strip()
    raise Unavailable(f"the server did not start: {log[-500:]}")
