"""``manage.py serve``, which is `make run`: the real programs on a port of their own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.processes import ROOT, free_port

MANAGE = [sys.executable, str(ROOT / "manage.py")]
SECONDS = 120
# SQLite's own programs; a run on PostgreSQL would start the very same ones.
pytestmark = [pytest.mark.fault, pytest.mark.sqlite]


def environment(data, **settings):
    """A newcomer's environment: nothing of ours in it, and the plainest of locales."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"LANG": "C", "LC_ALL": "C", "KOSS_DATA_DIR": str(data)} | settings


def manage(data, *arguments, **settings):
    return subprocess.run(
        [*MANAGE, *arguments],
        env=environment(data, **settings),
        cwd=data,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )


def answer(port, path):
    """(status, body) of a page, whatever the status is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def wait_until(holds):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            if found := holds():
                return found
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def children_of(pid):
    """{process id: command line} of everything below ``pid``."""
    found = {}
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found[int(each)] = Path(f"/proc/{each}/cmdline").read_text().replace("\0", " ")
        found |= children_of(int(each))
    return found


def is_gone(pid):
    with suppress(ProcessLookupError, FileNotFoundError):
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    return True


@contextmanager
def serving(data, **settings):
    """A portal that answers: (process, port, path of what it says)."""
    port = free_port()
    said = data / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [*MANAGE, "serve"],
            env=environment(data, PORT=str(port), **settings),
            cwd=data,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: process.poll() is not None or "is ready" in said.read_text())
        assert process.poll() is None, said.read_text()
        yield process, port, said
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A directory that keeps what the first of several runs has prepared."""
    return tmp_path_factory.mktemp("used")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
class TestServe:
    def test_a_newcomer_gets_the_demo(self, tmp_path):
        with serving(tmp_path) as (process, port, said):
            assert answer(port, "/health/")[0] == 200
            assert answer(port, "/")[0] == 200
            assert "21122310500030459"[:4] in answer(port, "/demo/")[1]
            assert f"http://127.0.0.1:{port}/" in said.read_text()
            assert "21122310500030459  新車  検査申請補正待ち" in said.read_text()
            told = manage(tmp_path, "demo_accounts", "--json")
            assert told.returncode == 0
            assert len(json.loads(told.stdout)) > 90
            assert manage(tmp_path, "demo_accounts", "--json", KOSS_DEMO="0").returncode == 1
            assert wait_until(lambda: answer(port + 1, "/"))[0] == 200
            assert f"http://127.0.0.1:{port + 1}/ is the sandbox bank" in said.read_text()
            # The web server with two of its own, the worker, the bank with one of its own, and
            # the reconciliation, which gives the bank a head start.
            wait_until(lambda: len(children_of(process.pid)) == 7)
            programs = children_of(process.pid)
            assert any("reconcile" in command for command in programs.values())

            taken = manage(tmp_path, "serve", PORT=str(port))
            assert taken.returncode == 1
            assert f"Port {port}" in taken.stderr.decode()
            assert len(taken.stderr.decode().splitlines()) == 1

            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert all(is_gone(pid) for pid in programs)
        assert {path.name for path in tmp_path.iterdir()} <= {
            "bank.sqlite3",
            "bank.sqlite3-shm",
            "bank.sqlite3-wal",
            "bank_secret",
            "bank_secret_key",
            "koss.sqlite3",
            "mail",
            "said.txt",
            "secret_key",
            "static",
            "static.stamp",
        }

    def test_a_dead_worker_is_started_again(self, used):
        with serving(used, KOSS_DEMO="0") as (process, port, said):

            def workers():
                programs = children_of(process.pid).items()
                return [pid for pid, command in programs if "db_worker" in command]

            [first] = workers()
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: [each for each in workers() if each != first])
            assert "The worker ended" in said.read_text()
            assert answer(port, "/health/")[0] == 200

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
    def test_however_it_is_stopped_nothing_is_left(self, used, number):
        with serving(used, KOSS_DEMO="0") as (process, port, _):
            programs = children_of(process.pid)
            process.send_signal(number)
            process.wait(30)
            wait_until(lambda: all(is_gone(pid) for pid in programs))
            with pytest.raises(OSError, match="refused"):
                answer(port, "/health/")

    def test_in_earnest_there_is_no_demo(self, used):
        with serving(used, KOSS_DEMO="0") as (_, port, said):
            assert answer(port, "/")[0] == 200
            assert answer(port, "/demo/")[0] == 404
            assert "shinsei" not in said.read_text()

    def test_a_web_server_that_dies_ends_it_all(self, used):
        with serving(used, KOSS_DEMO="0") as (process, _, said):
            [server] = [
                int(pid)
                for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children")
                .read_text()
                .split()
                if "granian" in Path(f"/proc/{pid}/cmdline").read_text()
            ]
            os.kill(server, signal.SIGTERM)
            assert process.wait(30) == 1
            assert "The web server ended" in said.read_text()


def test_a_wrong_setting_is_one_sentence(tmp_path):
    failed = manage(tmp_path, "serve", PORT="eighty")
    assert failed.returncode == 1
    assert "PORT='eighty': write a whole number" in failed.stderr.decode()


def test_demo_asked_for_in_a_used_database_is_refused(tmp_path):
    assert manage(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    made = manage(
        tmp_path, "createsuperuser", "--noinput", "--username", "me", "--email", "me@koss.example",
        DJANGO_SUPERUSER_PASSWORD="somebody's own",
    )  # fmt: skip
    assert made.returncode == 0
    refused = manage(tmp_path, "serve", PORT=str(free_port()), DEMO="1")
    assert refused.returncode == 1
    assert "DEMO=1 needs an empty database" in refused.stderr.decode()
