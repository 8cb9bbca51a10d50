"""Two web servers, three workers and two nights, each on a machine of its own; machines die.

Their networks are namespaces (tests/faults/machines.py); they share one PostgreSQL and one bank. In
the middle a machine of each kind loses its cable and its power at once, so that nobody hears that
it is gone. The others finish: nothing is done twice, nothing is lost.
"""

import http.client
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress

import pytest
from django.core.management import call_command
from django.db import connection

from applications.models import Channel
from applications.status import Status
from koss.ground import clock
from payments.demo import payers
from tests.api.callers import V1, owner
from tests.bank.process import SECRET
from tests.faults.machines import Relay, network
from tests.faults.programs import wait_until
from tests.night import stores
from tests.processes import launch, newcomer
from tests.world import make

pytestmark = [pytest.mark.databases, pytest.mark.postgres, pytest.mark.fault]

WEBS = ("web-1", "web-2")
WORKERS = ("worker-1", "worker-2", "worker-3")
NIGHTS = ("night-1", "night-2")
REPLACED = "worker-4"  # stands in for a dead one
LAPSING, WITHDRAWN, GROUPS, EACH = 120, 30, 2, 3
PATIENCE = 120
_MOVED = "SELECT count(*) FROM applications_historyentry WHERE move = 'let_correction_lapse'"


def populate(said):
    """What is to be done, and the key of the program that calls both web servers."""
    by_program = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
    day = clock.business_date(clock.now())
    begun = clock.night_begins(day) - 9 * (clock.night_begins(day) - clock.at(day, hour=0))
    for number in range(LAPSING):
        make("検査申請補正待ち", now=begun, deadline=day, email=f"a{number}@gyosei.example")
    caller = owner()
    json.dump(
        {
            "key": caller.key,
            "withdrawn": [
                make("検査申請補正待ち", **by_program).receipt_number for _ in range(WITHDRAWN)
            ],
            "groups": [
                [make(Status.FEES_IN_BATCH, **by_program).receipt_number for _ in range(EACH)]
                for _ in range(GROUPS)
            ],
        },
        said,
    )


class Programs:
    """The portal's programs, each on the machine of its name."""

    def __init__(self, home, machines, database):
        self._home, self._machines, self._running = home, machines, {}
        bank = machines["bank"].address
        self._environment = newcomer(
            DJANGO_SETTINGS_MODULE="koss.settings",
            PYTHONUNBUFFERED="1",
            DATABASE_URL=database,
            KOSS_SECRET_KEY="a secret for this test alone",
            KOSS_BANK_SECRET=SECRET,
            KOSS_BANK_ORIGIN=f"http://{bank}:8001",
            KOSS_HOSTS=",".join(each.address for each in machines.values()),
            KOSS_API_REQUESTS_PER_MINUTE="100000",
            KOSS_NIGHT_CHUNK="5",
            KOSS_DEMO="0",
            EMAIL_URL="consolemail://",
            BIND=bank,
        )
        manage = [sys.executable, "manage.py"]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
        granian += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
        day = str(clock.business_date(clock.now()))
        self._commands = {
            "bank": [sys.executable, "-m", "payments.sandbox"],
            **{
                name: [*manage, "db_worker", "--no-reload", "--interval", "0.2"]
                for name in (*WORKERS, REPLACED)
            },
            **{name: [*manage, "night", day] for name in NIGHTS},
            **{
                name: [*granian, "--host", machines[name].address, "koss.wsgi:application"]
                for name in WEBS
            },
        }

    def start(self, *names):
        for name in names:
            machine = self._machines[name]
            with machine.inside(), self._log(name).open("ab") as log:
                environment = self._environment | {"KOSS_DATA_DIR": str(self._home / name)}
                self._running[name] = launch(self._commands[name], environment, log)

    def loses_everything(self, name):
        """Cable and power of the machine at once."""
        self._machines[name].pull_the_cable()
        self.kill(name)

    def kill(self, name):
        process = self._running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def ends(self, name):
        """The exit status of a program that ends by itself."""
        return self._running[name].wait(PATIENCE)

    def end(self):
        for name in self._running:
            self.kill(name)

    def said(self, name):
        return self._log(name).read_text() if self._log(name).exists() else ""

    def logs(self):
        return "\n".join(f"== {name}\n{self.said(name)[-1500:]}" for name in self._running)

    def _log(self, name):
        return self._home / f"{name}.log"


class Caller(threading.Thread):
    """A program that says everything to one web server, and to the other one when that is away.

    Two of them say the same with the same Idempotency-Key, as after a lost answer.
    """

    def __init__(self, machine, addresses, work, go_on):
        super().__init__()
        self._machine, self._addresses, self._work, self._go_on = machine, addresses, work, go_on
        self.failure, self.done = None, 0

    def run(self):
        try:
            with self._machine.inside():
                for path, body in self._requests():
                    self._until_it_is_done(path, body)
                    self.done += 1
        except Exception as failure:
            self.failure = failure

    def _requests(self):
        for numbers in self._work["groups"]:
            yield "payment-numbers", {"receipt_numbers": numbers}
        self._go_on.wait(PATIENCE)
        for number in self._work["withdrawn"]:
            yield f"applications/{number}/withdraw", {}

    def _until_it_is_done(self, path, body):
        headers = {
            "Authorization": f"Bearer {self._work['key']}",
            "Content-Type": "application/json",
            "Idempotency-Key": re.sub(r"\W", "-", f"{path}-{body}")[:60],
        }
        text = json.dumps(body) if body else ""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, said = self._ask(path, text, headers)
            except (OSError, http.client.HTTPException):
                self._addresses.reverse()
            else:
                if status in (200, 202):
                    return
                # The other caller's is in the middle of it.
                assert b"in_flight" in said, said
            time.sleep(0.1)
        raise AssertionError(f"{path} was never answered")

    def _ask(self, path, text, headers):
        with closing(http.client.HTTPConnection(self._addresses[0], 8000, timeout=3)) as server:
            server.request("POST", V1 + path, text, headers)
            answer = server.getresponse()
            return answer.status, answer.read()


@contextmanager
def _server():
    """A connection to the server of the run."""
    known = connection.settings_dict
    host, port = known["HOST"], int(known["PORT"] or 5432)
    if host.startswith("/"):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(f"{host}/.s.PGSQL.{port}")
            yield server
    else:
        with socket.create_connection((host or "127.0.0.1", port)) as server:
            yield server


@contextmanager
def at_work(tmp_path, fork):
    """(store, work, network, programs): everything is there, and nothing runs."""
    store = stores.fresh(tmp_path)
    relay = programs = None
    try:
        work = json.loads(fork(store, populate).finish())
        with network("database", "bank", "callers", *WEBS, *WORKERS, *NIGHTS, REPLACED) as net:
            database = net.machines["database"]
            relay = Relay(database, _server)
            known = connection.settings_dict
            place = f"{known['USER']}:{known['PASSWORD']}@{database.address}:5432"
            programs = Programs(tmp_path, net.machines, f"postgres://{place}/{store.name}")
            try:
                yield store, work, net.machines, programs, relay
            finally:
                programs.end()
                relay.end()
    finally:
        store.drop()


def is_ready(visitor, web):
    """Whether the web server answers, with the database behind it."""
    with (
        visitor.inside(),
        suppress(OSError, http.client.HTTPException),
        closing(http.client.HTTPConnection(web.address, 8000, timeout=3)) as server,
    ):
        server.request("GET", "/health/ready/")
        return server.getresponse().status == 200
    return False


def count(store, query):
    [[found]] = store.rows(query)
    return found


def test_machines_die_and_the_others_finish(tmp_path, django_db_setup, fork):
    with at_work(tmp_path, fork) as (store, work, machines, programs, relay):
        programs.start("bank", *WEBS, *WORKERS)
        for name in WEBS:
            wait_until(
                lambda name=name: is_ready(machines["callers"], machines[name]),
                PATIENCE,
                programs.logs,
            )
        withdraw = threading.Event()
        callers = [
            Caller(machines["callers"], [machines[name].address for name in order], work, withdraw)
            for order in (WEBS, WEBS[::-1])
        ]
        for caller in callers:
            caller.start()

        def until(holds):
            def well():
                assert [each.failure for each in callers] == [None, None]
                return holds()

            wait_until(well, PATIENCE, programs.logs)

        unanswered = "SELECT count(*) FROM payments_paymentinformation WHERE payment_number = ''"
        until(lambda: callers[0].done == GROUPS and not count(store, unanswered))
        programs.start(*NIGHTS)
        until(lambda: len(store.nights_finished()) == len(NIGHTS) and count(store, _MOVED) > 0)
        programs.loses_everything(NIGHTS[0])
        programs.loses_everything(WORKERS[0])
        assert count(store, _MOVED) < LAPSING
        withdraw.set()
        until(lambda: callers[0].done > GROUPS + 2)
        programs.loses_everything(WEBS[0])
        assert callers[0].done < GROUPS + WITHDRAWN

        assert programs.ends(NIGHTS[1]) == 0, programs.logs()
        for caller in callers:
            caller.join(PATIENCE)
        assert [each.failure for each in callers] == [None, None], programs.logs()
        # A mail that the dead worker held is due again after ten minutes: they are over.
        store.rows(
            "UPDATE koss_outgoingmail SET due_at = now() WHERE state = 'sending' RETURNING 1"
        )
        programs.start(REPLACED)
        unsent = "SELECT count(*) FROM koss_outgoingmail WHERE state <> 'sent'"
        until(lambda: not count(store, unsent))

        nothing_is_done_twice_or_lost(store, programs, fork)
        assert len(relay.peers) >= len(WEBS + WORKERS + NIGHTS)


def nothing_is_done_twice_or_lost(store, programs, fork):
    entries = store.rows(
        "SELECT move, count(*), count(DISTINCT application_id) FROM applications_historyentry"
        " WHERE move IN ('let_correction_lapse', 'withdraw') GROUP BY move ORDER BY move"
    )
    assert entries == [
        ("let_correction_lapse", LAPSING, LAPSING),
        ("withdraw", WITHDRAWN, WITHDRAWN),
    ]
    batches = store.rows(
        "SELECT kind, count(*), count(DISTINCT payment_number) FROM payments_paymentinformation"
        f" WHERE count = {EACH} GROUP BY kind"
    )
    assert {tuple(numbers) for _kind, *numbers in batches} == {(GROUPS, GROUPS)}
    sent = Counter(
        key
        for name in (*WORKERS, REPLACED)
        for key in re.findall(r"^Message-ID: (\S+)", programs.said(name), re.MULTILINE)
    )
    assert len(sent) == count(store, "SELECT count(*) FROM koss_outgoingmail") >= LAPSING
    # SMTP has no way to ask: the mail in a dead worker's hand may have gone out.
    assert sum(sent.values()) - len(sent) <= 1
    assert sorted(store.nights_finished()) == [False, True]
    # It exits with 1, and so does the fork, where a rule is broken.
    fork(store, lambda said: call_command("check_invariants", stdout=said)).finish()
