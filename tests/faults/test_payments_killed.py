"""Everything that takes part in a payment is killed in the middle of it: no money is lost.

Web server, worker, reconciliation and bank are processes of their own, with databases of their
own. SIGKILL strikes at random moments; the seed is printed.
"""

import http.client
import random
import threading
import time
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta

import psycopg
import pytest

from koss.ground import clock
from payments.banks import sandbox
from tests import needs, postgres
from tests.bank.payer import Payer
from tests.bank.process import running_bank
from tests.faults.populate import BATCHES, DEBITS, INDIVIDUAL
from tests.faults.programs import Portal, wait_until
from tests.night import stores

pytestmark = [pytest.mark.databases, pytest.mark.fault]

PROGRAMS = ("web", "worker", "reconciliation")
PATIENCE = 240
NUMBERS = INDIVIDUAL + BATCHES + DEBITS
_PAYABLE = """
    SELECT agency_number, payment_number, confirmation_number, amount, due_on
    FROM payments_paymentinformation
    WHERE payment_number <> '' AND method <> 'direct' AND state = 'unpaid' ORDER BY id"""


class Cluster:
    """A PostgreSQL server of this test's own, that loses nothing it has committed when killed."""

    def __init__(self, server):
        self._server = server
        server.start()
        with closing(self._connect("postgres")) as database:
            database.execute("CREATE DATABASE koss")
        self.url = server.url

    def kill_and_start(self):
        self._server.kill()
        self._server.start()

    def rows(self, query):
        with closing(self._connect("koss")) as database:
            return database.execute(query).fetchall()

    def _connect(self, name):
        return psycopg.connect(
            host=self._server.host, user="postgres", dbname=name, autocommit=True
        )


class PayingPeople(threading.Thread):
    """Pay every number they find, and keep in mind what the bank has confirmed."""

    def __init__(self, rows, bank):
        super().__init__()
        self._rows = rows
        self._bank = bank
        self._enough = threading.Event()
        self.confirmed = set()
        self.failures = []

    def run(self):
        while not self._enough.is_set():
            try:
                for row in self._rows(_PAYABLE):
                    if row[1] not in self.confirmed and not self._enough.wait(0.8):
                        self._pay(*row)
            except (OSError, http.client.HTTPException, psycopg.Error):
                pass  # somebody was killed; they come again
            except Exception as failure:
                self.failures.append(failure)
                return
            self._enough.wait(0.3)

    def stop(self):
        self._enough.set()
        self.join()

    def _pay(self, agency_number, payment_number, confirmation_number, amount, due_on):
        link = sandbox.link(
            bank="0101",
            agency_number=agency_number,
            payment_number=payment_number,
            confirmation_number=confirmation_number,
            amount=amount,
            kind="検査手数料",
            payee="軽自動車検査協会",
            payee_kana="ｹｲｼﾞﾄﾞｳｼﾔｹﾝｻｷﾖｳｶｲ",
            due_on=due_on if isinstance(due_on, date) else date.fromisoformat(due_on),
            return_url="http://127.0.0.1/",
            now=clock.system_now(),
        )
        payer = Payer(self._bank.origin)
        asked = payer.follow(link)
        page = asked if asked.status == 409 else payer.confirm(payer.sign_in(asked))
        # 409: it was paid, but the process that confirmed it was killed before the page was sent.
        assert "納付が完了しました" in page.text or "に納付されています" in page.text, page.text
        self.confirmed.add(payment_number)


@contextmanager
def at_work(home, database, settings):
    """A portal and a bank that know each other, with everything to be paid; and people paying."""
    portal = Portal(home, database.url)
    with running_bank(home, portal.origin) as bank:
        settings.KOSS_BANK_ORIGIN = bank.origin
        settings.KOSS_BANK_SECRET = portal.environment["KOSS_BANK_SECRET"]
        portal.meets(bank)
        status, said = portal.run("-m", "tests.faults.populate")
        assert status == 0, said
        register_accounts(database)
        people = PayingPeople(database.rows, bank)
        portal.keep_running()
        people.start()
        try:
            yield portal, bank, people
        finally:
            people.stop()
            portal.kill_all()


def register_accounts(database):
    """The bank gets to know the portal's accounts."""
    names = ("reference", "bank", "branch", "account_type", "account_number", "holder_kana")
    for values in database.rows(f"SELECT {', '.join(names)} FROM payments_directaccount"):
        sandbox.register_account(**dict(zip(names, values, strict=True)))


def unpaid(database):
    [[left]] = database.rows(
        "SELECT count(*) FROM payments_paymentinformation WHERE state <> 'paid'"
    )
    return left


def strike(victims, blow, database, points):
    """Kill each of ``victims`` at a random moment; returns how many blows fell during payments."""
    landed = 0
    for victim in victims:
        time.sleep(points.uniform(0.3, 1.5))
        landed += unpaid(database) > 0
        print(f"{victim} is killed")
        blow(victim)
    return landed


def settle_everything(portal, people, database):
    """Let all of them go on undisturbed until nothing is left to do."""

    def done():
        portal.keep_running()
        assert people.failures == []
        with suppress(psycopg.Error):
            return unpaid(database) == 0
        return False

    def why():
        states = database.rows(
            "SELECT method, state, payment_number <> '', count(*) "
            "FROM payments_paymentinformation GROUP BY 1, 2, 3"
        )
        return f"{states}\n{portal.logs()}"

    wait_until(done, PATIENCE, why)


def nothing_was_lost(portal, people, database):
    paid = {
        number
        for [number] in database.rows(
            "SELECT payment_number FROM payments_paymentinformation WHERE state = 'paid'"
        )
    }
    assert people.confirmed <= paid
    assert people.confirmed
    at_the_bank = list(sandbox.settlements(since=clock.system_now() - timedelta(hours=1)))
    told = database.rows(
        "SELECT settlement_id, verdict FROM payments_settlementnotice "
        "WHERE verdict NOT IN ('repeated', 'conflicting') AND bank = '0101' "
        "AND settlement_id LIKE 'S%'"
    )
    assert {settlement for settlement, _verdict in told} == {
        each.settlement_id for each in at_the_bank
    }
    assert {verdict for _settlement, verdict in told} == {"applied"}
    assert len(at_the_bank) == NUMBERS
    assert {each.payment_number for each in at_the_bank} <= paid
    assert database.rows("SELECT count(*) FROM payments_refund")[0][0] == 0
    assert database.rows("SELECT DISTINCT state FROM payments_debitorder") == [("done",)]
    portal.kill_all()
    status, said = portal.run("manage.py", "check_invariants")
    assert status == 0, said


def killed_and_done(home, database, settings, victims, blows=None):
    """The whole story. ``blows``: how to kill what is not one of the portal's programs."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    points = random.Random(seed)
    order = list(victims)
    points.shuffle(order)
    with at_work(home, database, settings) as (portal, bank, people):

        def blow(victim):
            if victim == "bank":
                bank.kill()
                bank.start()
            elif victim in PROGRAMS:
                portal.kill(victim)
            else:
                blows[victim]()
            portal.keep_running()

        landed = strike(order, blow, database, points)
        settle_everything(portal, people, database)
        nothing_was_lost(portal, people, database)
    # Enough of it must have happened while there was something to lose.
    assert landed > len(order) / 3


@pytest.mark.sqlite  # there is nothing in it that the next one does not meet on PostgreSQL
def test_programs_and_bank_are_killed(tmp_path, settings, django_db_setup):
    database = stores.fresh(tmp_path)
    try:
        killed_and_done(tmp_path, database, settings, (*PROGRAMS, "bank") * 3)
    finally:
        database.drop()


@pytest.mark.postgres
def test_the_database_is_killed(tmp_path, settings):
    try:
        with postgres.cluster(tmp_path / "postgres", postgres.DURABLE) as server:
            database = Cluster(server)
            migrated = Portal(tmp_path, database.url).run("manage.py", "migrate")
            assert migrated[0] == 0, migrated[1]
            killed_and_done(
                tmp_path,
                database,
                settings,
                ("database", "database", "worker", "bank"),
                {"database": database.kill_and_start},
            )
    except postgres.Unavailable as reason:
        needs.miss("postgres", str(reason))
