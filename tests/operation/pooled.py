"""PgBouncer as docs/deploy/pgbouncer.ini sets it up, in front of the run's own database."""

import os
import pwd
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.operation.deploy import DEPLOY, moved, program
from tests.processes import free_port

PASSWORD = "of-the-pool"


class Pool:
    """``port``: where it listens; ``user``: who may come, with PASSWORD."""

    def __init__(self, home, sessions, text):
        known = connection.settings_dict
        self.user, self.port = known["USER"], free_port()
        host, port, name = known["HOST"], known["PORT"] or "5432", known["NAME"]
        self.direct_url = f"postgres://{self.user}@{quote(host, safe='')}:{port}/{name}"
        where = f"host={host} port={port} dbname={name}"
        ini, users = home / "pgbouncer.ini", home / "userlist.txt"
        users.write_text(f'"{self.user}" "{PASSWORD}"\n')
        ini.write_text(
            moved(
                text,
                {
                    "host=db.example port=5432 dbname=koss": where,
                    "pool_size=10": f"pool_size={sessions}",
                    "pool_size=20": f"pool_size={sessions}",
                    "listen_port = 6432": f"listen_port = {self.port}",
                    "/etc/pgbouncer/userlist.txt": users,
                    "/var/log/postgresql/pgbouncer.log": home / "pgbouncer.log",
                    "/var/run/postgresql/pgbouncer.pid": home / "pgbouncer.pid",
                },
            )
        )
        for path in (home, ini, users):
            path.chmod(0o755)
        owner = {}
        if os.geteuid() == 0:  # as root it refuses to start
            nobody = pwd.getpwnam("nobody")
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._process = subprocess.Popen(
            [program("pgbouncer"), "--quiet", ini], cwd=home, stdin=subprocess.DEVNULL, **owner
        )
        self._wait(home)

    def _wait(self, home):
        for _ in range(100):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError((home / "pgbouncer.log").read_text())

    def url(self, name="koss"):
        """What DATABASE_URL says to come through it."""
        return f"postgres://{self.user}:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def end(self):
        self._process.terminate()
        self._process.wait()


@contextmanager
def pool(sessions, text=None):
    """A Pool with so many sessions of the server for each of its databases."""
    program("pgbouncer")
    with tempfile.TemporaryDirectory(prefix="koss-pool-") as home:
        made = Pool(Path(home), sessions, text or (DEPLOY / "pgbouncer.ini").read_text())
        try:
            yield made
        finally:
            made.end()


@contextmanager
def through(entry):
    """The connections of this process are those of ``entry`` of DATABASES, then as before."""
    own = connection.settings_dict
    before = dict(own)
    connection.close()
    own.update(entry)
    try:
        yield
    finally:
        connection.close()
        own.clear()
        own.update(before)
