"""Everything that `make run` starts: database, demo world, static files, web server, worker, and
in the demo the sandbox bank, on the next port."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from contextlib import closing

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from koss.demo import mode, world
from koss.ground import env
from koss.ground.processes import Program, Supervisor, end_with_parent
from koss.operation import databases

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_EVERYWHERE = {"0.0.0.0", "::"}
_LAST_PORT = 65_535
_SANDBOX_BANK = "payments.banks.sandbox"
_WORKERS = 2
_THREADS_EACH = 16
_HEADERS_WITHIN_MS = 10_000
_HEAD_START_OF_THE_BANK = 8
_RECONCILED_EVERY = 60


class Command(BaseCommand):
    help = "Serve the portal with its worker: BIND (127.0.0.1), PORT (8000), DATABASE_URL, DEMO=1."
    # The programs that are started check the settings they run under.
    requires_system_checks = []

    def handle(self, **_options):
        try:
            self._prepare_and_serve()
        except KeyboardInterrupt:  # before there was anything to stop
            sys.exit(130)

    def _prepare_and_serve(self):
        host, port = env.text("BIND", "127.0.0.1"), env.number("PORT", 8000, least=1)
        require_free(host, port)
        try:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            demo = wants_demo()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        finally:
            connection.close()
        with_bank = demo and settings.KOSS_BANK == _SANDBOX_BANK
        if with_bank:
            require_free(host, port + 1)
        environment = environment_for(host, port, demo=demo)
        # In the demo this also prints the accounts.
        _manage(
            *(["demo_accounts", "--make"] if demo else ["check", "--database", "default"]),
            environment=environment,
            quiet=not demo,
        )
        if demo:
            _manage("sandbox_ca", environment=environment, quiet=True)
        collect_static(environment)
        self._serve(host, port, environment, with_bank=with_bank)

    def _serve(self, host, port, environment, *, with_bank):
        programs = [
            Program("The web server", _web_server(host, port), essential=True),
            Program("The worker", _worker()),
        ]
        if with_bank:
            programs.append(Program("The sandbox bank", _bank()))
            # Its first question would meet a bank that is still getting up.
            later = time.monotonic() + _HEAD_START_OF_THE_BANK
            programs.append(Program("Reconciliation", _reconciliation(), start_at=later))
        if env.text("KOSS_METRICS", ""):
            programs.append(Program("Metrics", _metrics()))
        supervisor = Supervisor(
            programs,
            cwd=settings.BASE_DIR,
            environment=environment,
            say=self._say,
        )
        status = supervisor.run(when_started=lambda: self._announced(host, port, environment))
        databases.leave_one_file()
        if status:
            sys.exit(status)

    def _announced(self, host, port, environment):
        """Tell the address as soon as somebody answers there."""
        address = "127.0.0.1" if host in _EVERYWHERE else host
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            return False
        self._say(f"\nhttp://{_in_address(address)}:{port}/ is ready. Ctrl-C stops it.")
        if environment["KOSS_DEMO"] == "1":
            self._say(f"http://{_in_address(address)}:{port}/demo/ opens every demo account.")
            if settings.KOSS_BANK == _SANDBOX_BANK:
                self._say(f"{environment['KOSS_BANK_ORIGIN']}/ is the sandbox bank.")
        if host in _EVERYWHERE and not env.text("KOSS_HOSTS", ""):
            self._say("Other machines are answered when KOSS_HOSTS names this one.")
        return True

    def _say(self, words):
        self.stdout.write(words)
        self.stdout.flush()


def require_free(host, port):
    """Raise CommandError unless a server can listen there."""
    if port > _LAST_PORT:
        raise CommandError(f"PORT={port}: write a number up to {_LAST_PORT}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Port {port} of {host} cannot be used ({error.strerror}). "
            f"Choose another one: make run PORT={port + 1}"
        ) from error


def wants_demo():
    """Whether this is to be a demo; CommandError where it must not be one.

    KOSS_DEMO says it outright. DEMO=1 asks for it in any database that is empty or a demo's
    already. The built-in database becomes a demo when it is empty.
    """
    if env.text("KOSS_DEMO", ""):
        return env.flag("KOSS_DEMO", False)
    may_be = world.is_marked() or world.is_empty()
    if env.flag("DEMO", False):
        if not may_be:
            raise CommandError(
                "DEMO=1 needs an empty database, and this one holds applications or users."
            )
        return True
    return mode.is_built_in_database() and may_be


def environment_for(host, port, *, demo):
    """The environment of everything that is started."""
    chosen = {
        "KOSS_DEMO": "1" if demo else "0",
        "KOSS_COLLECTED_STATIC": "1",
        "PYTHONUTF8": "1",
        "BANK_PORT": str(port + 1),
        "KOSS_BANK_SECRET": settings.KOSS_BANK_SECRET,
    }
    usual = {
        "KOSS_ORIGIN": f"http://{_in_address(host)}:{port}",
        "KOSS_BANK_ORIGIN": f"http://{_in_address(host)}:{port + 1}",
        # Somebody sits before this terminal.
        "KOSS_LOG_FORMAT": "plain",
        "KOSS_LOG_LEVEL": "WARNING",
    }
    if host not in _LOOPBACK | _EVERYWHERE:
        usual["KOSS_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, _in_address(host)])
    if demo and (hosts := env.text("KOSS_HOSTS", "")):
        # The sandbox bank calls from this very machine.
        chosen["KOSS_HOSTS"] = f"{hosts},{_in_address(host)}"
    # A file that names a value would go before what is chosen here.
    given = {
        name: value
        for name, value in os.environ.items()
        if value and name.removesuffix("_FILE") not in chosen
    }
    return usual | given | chosen


def collect_static(environment):
    """Bring the collected files up to date; nothing is done when no file has changed."""
    stamp = settings.DATA_DIR / "static.stamp"
    fresh = _fingerprint()
    if stamp.exists() and stamp.read_text() == fresh and settings.STATIC_ROOT.exists():
        return
    stamp.unlink(missing_ok=True)
    _manage("collectstatic", "--noinput", environment=environment, quiet=True)
    stamp.write_text(fresh)


def _fingerprint():
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _manage(*arguments, environment, quiet):
    """Run a management command of our own; its complaints are ours."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL if quiet else None,
        preexec_fn=end_with_parent,
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)


def _web_server(host, port):
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(_WORKERS), "--blocking-threads", str(_THREADS_EACH)),
        *("--http1-header-read-timeout", str(_HEADERS_WITHIN_MS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"),
        "koss.wsgi:application",
    ]


def _worker():
    manage = str(settings.BASE_DIR / "manage.py")
    return [sys.executable, manage, "db_worker", "--no-reload", "--verbosity", "0"]


def _bank():
    return [sys.executable, "-m", "payments.sandbox"]


def _reconciliation():
    manage = str(settings.BASE_DIR / "manage.py")
    return [sys.executable, manage, "reconcile", "--every", str(_RECONCILED_EVERY)]


def _metrics():
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "metrics"]


def _in_address(host):
    if host in _EVERYWHERE:
        host = "127.0.0.1"  # nobody can be called by that name
    return f"[{host}]" if ":" in host else host
