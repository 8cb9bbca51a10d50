"""The commands of "Installing it" in docs/operations.md, in order and as written.

Real are git, the database, nginx, curl, openssl, ``manage.py`` and whatever the units start.
Stand-ins take the place of what would change the machine: apt-get, adduser, runuser, systemctl and
the owner that install gives. The packages are those that the tests run with, but for
brotli: to compress all static files by it takes longer than everything else together.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from urllib.parse import quote

import pytest
from django.db import connection

from tests.house.test_settings_documented import documentation
from tests.operation.deploy import DEPLOY, PLACES, moved, nginx_fit, nginx_main, program
from tests.processes import ROOT, free_port, newcomer

pytestmark = [pytest.mark.fault, pytest.mark.databases, pytest.mark.postgres]
SECONDS = 280
USER = "koss_installed"

STAND_INS = {
    "apt-get": "exit 0",
    "adduser": 'mkdir -p "$4"',
    # The one user of this test may do everything that the page's two users do.
    "runuser": 'shift 3; exec "$@"',
    "id": f"echo {USER}",
    "install": """
for word do
    shift
    case $word in
        -o | -g) skip=1 ;;
        *) if [ -n "${skip-}" ]; then skip=; else set -- "$@" "$word"; fi ;;
    esac
done
exec /usr/bin/install "$@"
""",
    "git": """
/usr/bin/env -u GIT_DIR PATH="$REAL_PATH" git "$@"
for place do :; done
ln -s "$VENV" "$place/.venv"
""",
    "nginx": 'exec "$REAL_NGINX" -c "$NGINX_MAIN" "$@"',
    "systemctl": 'exec "$PYTHON" -m tests.operation.systemctl "$@"',
}


def commands(page):
    """The shell blocks of the section and of the drill, as one script that ends where one fails."""
    section = page.split("\n## Installing it\n")[1].split("\n## ")[0]
    section += page.split("\n### The drill\n")[1].split("\n### ")[0]
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    lines = (
        line.removeprefix(indent) for indent, block in blocks for line in block.splitlines(True)
    )
    return "set -eu\n" + "".join(lines)


class Machine:
    """A directory in place of the root of a file system, with a repository to clone from."""

    def __init__(self, home):
        self.home = home
        web, tls = free_port(), free_port()
        self.tls = tls + 1
        database = connection.settings_dict
        self.places = {
            "https://git.example/koss.git": home / "origin",
            "/srv/koss": home / "srv/koss",
            "/etc/koss": home / "etc/koss",
            "/etc/systemd/system": home / "etc/systemd/system",
            "/etc/nginx/sites-enabled": home / "etc/nginx/sites-enabled",
            "/etc/nginx/conf.d": home / "etc/nginx/conf.d",
            "/usr/local/bin": home / "bin",
            "/var/lib/koss": home / "var/lib/koss",
            "/var/backups/koss": home / "var/backups/koss",
            "/var/lib/nginx": home / "var/lib/nginx",
            "/var/log/nginx": home / "var/log/nginx",
            "/var/www/html": home / "var/www/html",
            "koss@%2Fvar%2Frun%2Fpostgresql/koss": (
                f"{USER}@{quote(database['HOST'], safe='')}:{database['PORT'] or 5432}/{USER}"
            ),
            "createuser koss": f"createuser {USER}",
            "--owner koss --encoding UTF8 --template template0 koss": (
                f"--owner {USER} --encoding UTF8 --template template0 {USER}"
            ),
            "--owner koss --encoding UTF8 --template template0 koss_drill": (
                f"--owner {USER} --encoding UTF8 --template template0 {USER}_drill"
            ),
            "#/koss'#/koss_drill'#": f"#/{USER}'#/{USER}_drill'#",
            "dropdb koss_drill": f"dropdb {USER}_drill",
            '" = koss ]': f'" = {USER} ]',
            "127.0.0.1:8000": f"127.0.0.1:{web}",
            "--port 8000": f"--port {web}",
            "127.0.0.1:8001": f"127.0.0.1:{web + 1}",
            "BANK_PORT=8001": f"BANK_PORT={web + 1}",
            "listen 80 ": f"listen {tls} ",
            "listen [::]:80 ": f"listen [::]:{tls} ",
            "listen 443 ": f"listen {tls + 1} ",
            "listen [::]:443 ": f"listen [::]:{tls + 1} ",
            "oss.example:443:": f"oss.example:{tls + 1}:",
            "https://oss.example/health/": f"https://oss.example:{tls + 1}/health/",
        }
        for name in ("etc/systemd/system", "etc/nginx/conf.d", "var/lib/nginx", "var/log/nginx"):
            (home / name).mkdir(parents=True)
        (home / "bin").mkdir()
        (home / "run").mkdir()
        (home / "nginx.conf").write_text(nginx_main(home, home / "etc/nginx/conf.d/*.conf"))
        for name, does in STAND_INS.items():
            (home / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
            (home / "bin" / name).chmod(0o755)
        (home / "bin/python3").symlink_to(sys.executable)
        self.publish()

    def publish(self):
        """A repository with the files of this one, and the page's version as its tag."""
        origin = self.home / "origin"
        origin.mkdir()
        for path in ROOT.iterdir():
            if path.name.startswith(".") or path.name == "tests":
                continue
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, origin / path.name)
        for path in DEPLOY.iterdir():
            if path.is_dir():  # nothing that a machine is installed from
                continue
            text = moved(path.read_text(), self.places)
            copied = origin / "docs/deploy" / path.name
            copied.write_text(nginx_fit(text) if path.name == "nginx.conf" else text)
        git = ["git", "-C", origin, "-c", "user.name=-", "-c", "user.email=-@koss.example"]
        for arguments in (
            ["init", "--quiet"],
            ["add", "--all"],
            ["commit", "--quiet", "--message", "As it is"],
            ["tag", re.search(r"VERSION=(\S+)", documentation())[1]],
        ):
            subprocess.run([*git, *arguments], check=True, stdout=subprocess.DEVNULL)

    def does(self, script):
        """Run a script with what the page takes for granted: (exit status, what it said)."""
        database = connection.settings_dict
        environment = newcomer(
            PATH=os.pathsep.join([str(self.home / "bin"), _postgresql(), PLACES]),
            REAL_PATH=PLACES,
            PGHOST=database["HOST"],
            PGPORT=str(database["PORT"] or 5432),
            PGUSER=database["USER"],
            KOSS_POSTGRESQL_PROGRAMS=_postgresql(),
            VENV=str(ROOT / ".venv"),
            REAL_NGINX=program("nginx"),
            NGINX_MAIN=str(self.home / "nginx.conf"),
            PYTHON=sys.executable,
            PYTHONPATH=os.pathsep.join([str(self.home / "without"), str(ROOT)]),
            MACHINE=str(self.home),
        )
        environment.pop("PYTEST_XDIST_WORKER", None)
        # To a file: nginx keeps what it inherits, and a pipe would not end before it.
        with (self.home / "said.txt").open("a+") as said:
            begins = said.tell()
            done = subprocess.run(
                ["sh", "-c", script],
                cwd=self.home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=SECONDS,
            )
            said.seek(begins)
            return done.returncode, said.read()

    def end(self):
        """Stop what the units have started, and the proxy."""
        for pid in (self.home / "run").glob("*.pid"):
            with suppress(ProcessLookupError):
                os.killpg(int(pid.read_text()), 9)
        with suppress(OSError, ValueError):
            os.kill(int((self.home / "nginx.pid").read_text()), 15)


def _postgresql():
    """The directory of the programs with which the tests' own server was made."""
    from tests import postgres

    return str(postgres.programs_of_the_wheel())


@pytest.fixture
def machine(tmp_path):
    for name in ("nginx", "curl", "openssl", "git"):
        program(name)
    made = Machine(tmp_path)
    try:
        yield made
    finally:
        made.end()
        for statement in (
            f"dropdb --if-exists --force {USER}",
            f"dropdb --if-exists --force {USER}_drill",
            f"dropuser --if-exists {USER}",
        ):
            made.does(statement)


def test_a_stranger_gets_a_portal_by_the_commands_of_the_page(machine):
    status, said = machine.does(moved(commands(documentation()), machine.places))

    logs = "\n".join(path.read_text()[-1500:] for path in (machine.home / "run").glob("*.log"))
    assert status == 0, f"{said[-4000:]}\n{logs}"
    assert '{"status": "ok"}' in said
    # What the example leaves to say, and nothing else.
    assert set(re.findall(r"koss\.[WE]\d+", said)) == {"koss.W009", "koss.W018", "koss.W020"}
    assert "LOOK" not in said
    assert "Every rule of check_invariants holds" in said
    assert re.search(r"^ +[0-9.]+ s  database$", said, re.MULTILINE)
    what_the_proxy_adds(machine)


def what_the_proxy_adds(machine):
    """The way to TLS, compressed pages, the bank, and a log that gives nothing away."""
    tls = machine.tls

    def head(address, *more):
        port = address.partition("example:")[2].partition("/")[0] or "80"
        options = ["--silent", "--insecure", "--dump-header", "-", "--output", "/dev/null", *more]
        for name in ("oss.example", "bank.oss.example"):
            options += ["--resolve", f"{name}:{port}:127.0.0.1"]
        return machine.does(shlex.join(["curl", *options, address]))[1].lower()

    assert "location: https://oss.example/faq/" in head(f"http://oss.example:{tls - 1}/faq/")
    page = head(f"https://oss.example:{tls}/faq/", "--header", "Accept-Encoding: gzip")
    assert "content-encoding: gzip" in page
    assert page.count("strict-transport-security") == 1
    style = re.search(
        r"/static/[^\"]+\.css",
        machine.does(
            f"curl --silent --insecure --resolve oss.example:{tls}:127.0.0.1 https://oss.example:{tls}/"
        )[1],
    )[0]
    kept = head(f"https://oss.example:{tls}{style}")
    assert "immutable" in kept
    assert any((machine.home / "var/lib/nginx/koss").rglob("*"))
    form = head(f"https://bank.oss.example:{tls}/control/")
    assert " 200" in form.splitlines()[0]
    head(f"https://oss.example:{tls}/calendar/secret/signature/deadlines.ics?typed=words")
    log = (machine.home / "var/log/nginx/koss-access.log").read_text()
    assert '"GET /calendar/* HTTP/2.0"' in log
    assert not re.search("secret|typed", log)


def test_a_planted_mistake_on_the_page_is_found(machine):
    page = documentation().replace("createdb --owner koss", "createdb --owners koss")
    status, said = machine.does(moved(commands(page), machine.places))

    assert status != 0
    assert "--owners" in said
    assert "migrations" not in said
