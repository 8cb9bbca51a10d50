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

from koss.ground.processes import Program, Supervisor
from tests.prepared import prepare
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


def whole(programs, count, last):
    """``programs`` once there are ``count`` of them and ``last`` is one, else nothing."""
    is_there = any(last in command for command in programs.values())
    return programs if is_there and len(programs) == count else {}


def is_gone(pid):
    with suppress(ProcessLookupError, FileNotFoundError):
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    return True


@contextmanager
def serving(data, **settings):
    """A portal that answers: (process, port, path of what it says)."""
    port = free_port()
    said = data / f"said-{port}.txt"  # others may be served from there too
    # A run of the tests under nohup hands its deaf ear on.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
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
            process.wait(90)


@pytest.fixture(scope="module")
def used(tmp_path_factory, django_db_setup):
    """A directory that keeps what the first of several runs has prepared."""
    return prepare(tmp_path_factory.mktemp("used"))


@pytest.fixture(scope="module")
def metrics():
    """Where the figures of ``without_demo`` are."""
    return free_port()


@pytest.fixture(scope="module")
def without_demo(used, metrics):
    more = {"KOSS_METRICS": f"127.0.0.1:{metrics}", "KOSS_LOG_LEVEL": "INFO"}
    with serving(used, KOSS_DEMO="0", KOSS_LOG_FORMAT="json", **more) as portal:
        yield portal


@pytest.fixture
def in_earnest(without_demo):
    """One portal without a demo, for tests that leave it running: as ``serving`` gives it."""
    # The test before may have killed its web server, which is coming back.
    wait_until(lambda: answer(without_demo[1], "/health/"))
    return without_demo


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
            programs = wait_until(lambda: whole(children_of(process.pid), 7, "reconcile"))

            taken = manage(tmp_path, "serve", PORT=str(port))
            assert taken.returncode == 1
            assert f"Port {port}" in taken.stderr.decode()
            assert len(taken.stderr.decode().splitlines()) == 1

            process.send_signal(signal.SIGTERM)
            assert process.wait(90) == 0
            assert all(is_gone(pid) for pid in programs)
        assert {path.name for path in tmp_path.iterdir()} <= {
            "bank.sqlite3",
            "bank.sqlite3-shm",
            "bank.sqlite3-wal",
            "bank_secret",
            "bank_secret_key",
            "figures",
            "koss.sqlite3",
            "mail",
            said.name,
            "sandbox_ca",
            "secret_key",
            "static",
            "static.stamp",
        }

    def test_a_dead_worker_is_started_again(self, in_earnest):
        process, port, said = in_earnest

        def workers():
            programs = children_of(process.pid).items()
            return [pid for pid, command in programs if "db_worker" in command]

        [first] = wait_until(workers)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: [each for each in workers() if each != first])
        assert "The worker ended" in said.read_text()
        assert answer(port, "/health/")[0] == 200

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
    def test_however_it_is_stopped_nothing_is_left(self, used, number):
        with serving(used, KOSS_DEMO="0") as (process, port, _):
            programs = children_of(process.pid)
            process.send_signal(number)
            process.wait(90)
            wait_until(lambda: all(is_gone(pid) for pid in programs))
            with pytest.raises(OSError, match="refused"):
                answer(port, "/health/")

    def test_in_earnest_there_is_no_demo(self, in_earnest):
        _, port, said = in_earnest
        assert answer(port, "/")[0] == 200
        assert answer(port, "/demo/")[0] == 404
        assert "shinsei" not in said.read_text()

    def test_figures_and_lines_tell_of_every_process(self, in_earnest, metrics):
        _, port, said = in_earnest

        def counted():
            found = wait_until(lambda: answer(metrics, "/metrics"))[1]
            sign = 'koss_requests_total{method="GET",status="200",view="glossary"} '
            return sum(float(line.split()[1]) for line in found.splitlines() if sign in line)

        before = counted()
        for _ in range(6):
            assert answer(port, "/glossary/")[0] == 200
        # The bank is not asked here, and mails are not sent: what is left are pages.
        assert counted() == before + 6
        [*lines] = (line for line in said.read_text().splitlines() if '"glossary"' in line)
        assert {json.loads(line)["program"] for line in lines} == {"web"}
        assert len({json.loads(line)["request_id"] for line in lines}) >= 6
        assert answer(metrics, "/")[0] == 404
        assert answer(port, "/metrics")[0] == 404

    def test_a_web_server_comes_back_however_it_is_killed(self, in_earnest):
        """One worker twice within seconds, which its own parent takes for a fault; then itself."""
        process, port, said = in_earnest

        def servers():
            programs = children_of(process.pid).items()
            return [pid for pid, command in programs if "granian" in command]

        for _ in range(2):
            before = wait_until(lambda: len(servers()) == 3 and servers())
            os.kill(before[-1], signal.SIGKILL)
            wait_until(lambda known=before: set(servers()) - set(known))
        wait_until(lambda: answer(port, "/health/")[0] == 200)
        os.kill(servers()[0], signal.SIGTERM)
        wait_until(lambda: "The web server ended" in said.read_text())
        wait_until(lambda: answer(port, "/health/")[0] == 200)
        assert process.poll() is None


def test_a_server_that_never_comes_up_ends_the_run(tmp_path):
    said = []
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    supervisor = Supervisor(
        [Program("The web server", command, essential=True)],
        cwd=tmp_path,
        environment=dict(os.environ),
        say=said.append,
    )
    assert supervisor.run(when_started=lambda: False) == 1
    assert said == ["The web server ended with status 3."]


_SUPERVISES = """
import os, signal, sys
from koss.ground.processes import Program, Supervisor
asleep = Program("One", [sys.executable, "-c", "import time; time.sleep(300)"])
ready = lambda: print("ready", flush=True) or True
signal.signal(signal.SIGTERM, signal.SIG_IGN)  # before and after: more of them come than are needed
sys.exit(Supervisor([asleep], cwd=".", environment=dict(os.environ), say=print).run(
    when_started=ready))
"""


def test_asked_to_stop_again_and_again_it_stops():
    """Ctrl-C pressed twice, or a signal that make hands on to a group that has it already."""
    command = [sys.executable, "-c", _SUPERVISES]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            until = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < until:
                process.send_signal(signal.SIGTERM)
            assert process.poll() == 0
        finally:
            process.kill()


def test_a_wrong_setting_is_one_sentence(tmp_path):
    failed = manage(tmp_path, "serve", PORT="eighty")
    assert failed.returncode == 1
    assert "PORT='eighty': write a whole number" in failed.stderr.decode()


def test_demo_asked_for_in_a_used_database_is_refused(tmp_path, django_db_setup):
    prepare(tmp_path)
    made = manage(
        tmp_path, "createsuperuser", "--noinput", "--username", "me", "--email", "me@koss.example",
        DJANGO_SUPERUSER_PASSWORD="somebody's own",
    )  # fmt: skip
    assert made.returncode == 0
    refused = manage(tmp_path, "serve", PORT=str(free_port()), DEMO="1")
    assert refused.returncode == 1
    assert "DEMO=1 needs an empty database" in refused.stderr.decode()
