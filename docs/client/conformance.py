"""Walk the manuals' procedures by the bulk interface, and say line by line what holds.

Points at a demo portal (`make run`) with an API key that may read, submit, pay and drive the
sandbox; KOSS_KEY holds it::

    KOSS_KEY=koss_… python conformance.py http://127.0.0.1:8000

Stands beside ``koss_client.py``. Every line begins with ``ok`` or ``DIFFERS``; exit status 1 where
anything differs. It sends four applications of its own and changes no other.
"""

import argparse
import os
import re
import sys
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
from koss_client import ApiProblem, Client, Json, Signer, TimedOut, new_key

# The practice certificate of the demo, and its published PIN.
CERTIFICATE, PIN = "/demo/certificates/scrivener.p12", "renshu-2024"
SCOPES = {"read", "submit", "pay", "sandbox"}
ROW = {
    "procedure": "continued_inspection",
    "password": "shinsei-2024",
    "email": "keiji@gyosei.example",
    "plate": "品川580さ1234",
    "vehicle_use": "private",
    "chassis_number": "ＡＸ０１－０００００１２",
    "applicant_kind": "agent",
    "applicant_name": "軽自　太郎",
    "user_name": "軽自　太郎",
    "postal_code": "140-0002",
    "address": "東京都品川区東品川1-1-1",
    "office": "東京主管事務所",
    "weight_class": "normal",
    "payment_method": "batch",
    "receiving": "vehicle",
}
REASON = "使用者名を確認してください。"


class Walk:
    """One run. ``differs``: how many lines do not hold."""

    def __init__(self, client: Client, origin: str, within: float):
        self.client, self.origin, self.within = client, origin, within
        self.differs = 0
        self.mark = uuid.uuid4().hex[:8]
        self.asked: set[tuple[str, str]] = set()
        client.http.event_hooks["request"].append(
            lambda request: self.asked.add((request.method, request.url.path))
        )
        self.signer: Signer
        self.rows: list[Json] = []
        self.key, self.cursor, self.events = new_key(), "0", "0"
        self.paid = self.corrected = self.withdrawn = self.refused = ""

    def run(self) -> None:
        """Every procedure in turn. What one leaves undone, the next ones cannot see: it ends."""
        for procedure in (
            self.key_and_refusals,
            self.check,
            self.send,
            self.inquire,
            self.withdraw,
            self.pay_fees,
            self.correct,
            self.pay_weight_tax,
            self.follow,
            self.description,
        ):
            print(f"\n{procedure.__doc__}")
            try:
                procedure()
            except (ApiProblem, TimedOut, httpx.HTTPError, KeyError, ValueError) as error:
                self.holds(f"goes to its end ({type(error).__name__}: {error})", False)
                print("\nThe rest was not walked.")
                return

    def holds(self, what: str, found: Any, wanted: Any = True) -> None:
        """Print one line: ``what``, and where ``found`` is not ``wanted`` both of them."""
        if found == wanted:
            print(f"ok       {what}")
            return
        self.differs += 1
        print(f"DIFFERS  {what}: {found!r} instead of {wanted!r}")

    def refuses(self, what: str, wanted: tuple[int, str], ask: Callable[[], Any]) -> None:
        """Whether ``ask`` is refused with this (status, code)."""
        try:
            ask()
        except ApiProblem as problem:
            self.holds(what, (problem.status, problem.code), wanted)
        else:
            self.holds(what, "no refusal", wanted)

    # Procedures

    def key_and_refusals(self) -> None:
        """APIキー"""
        client = self.client
        missing = SCOPES - set(client.key()["scopes"])
        self.holds("the key may read, submit, pay and drive the sandbox", sorted(missing), [])
        with Client(self.origin, "koss_nobody") as stranger:
            self.refuses("an unknown key opens nothing", (401, "unauthorized"), stranger.changes)
        self.refuses(
            "a mistyped name in the query is refused",
            (422, "invalid"),
            lambda: client.call("GET", "events", query={"aftr": "0"}),
        )
        self.refuses(
            "a number of nobody is not found",
            (404, "not_found"),
            lambda: client.application("0" * 17),
        )
        self.refuses(
            "nothing is sent without an Idempotency-Key",
            (400, "idempotency_key_missing"),
            lambda: client.call("POST", "applications", {"applications": []}),
        )
        _old, self.cursor = client.changes()
        _old, self.events = client.events()

    def check(self) -> None:
        """申請を確かめる"""
        rows = [{"reference": f"{self.mark}-{place}", **ROW} for place in range(4)]
        wrong = {**rows[0], "plate": "品川"}
        [told] = self.client.check([wrong])
        places = sorted({each["pointer"] for each in told["errors"]})
        self.holds("a fault is told at its place", places, ["#/applications/0/plate"])
        self.rows = self.client.sign(rows, self.signer)
        # The last one is signed under another text.
        self.rows[3] = {**self.rows[3], "signature": self.signer.sign("something else")}
        bad = [each["code"] for each in self.client.check(self.rows[3:])[0]["errors"]]
        self.holds("good rows get the text to sign", all("signature" in row for row in self.rows))
        self.holds("a signature under another text is told before sending", len(bad), 1)
        _known, cursor = self.client.changes(self.cursor)
        self.holds("checking leaves nothing behind", cursor, self.cursor)

    def send(self) -> None:
        """申請を送る"""
        number = self.client.submit(self.rows, idempotency_key=self.key)["send_number"]
        again = self.client.submit(self.rows, idempotency_key=self.key)["send_number"]
        self.holds("the same key sends once", again, number)
        self.refuses(
            "the same key takes no other body",
            (422, "idempotency_key_reused"),
            lambda: self.client.submit(self.rows[:1], idempotency_key=self.key),
        )
        done = self.client.wait_for_submission(number, within=self.within)
        wanted = {"waiting": 0, "taken_in": 3, "not_accepted": 1, "faulty": 0}
        self.holds("three rows are taken in, one is 未受付", done["counts"], wanted)
        items = list(self.client.items(number))
        numbers = [each["receipt_number"] or "" for each in items]
        self.paid, self.corrected, self.withdrawn, self.refused = numbers
        report = [each["place"] for each in self.client.report(number)]
        self.holds("the report has just the row of 未受付", report, [3])
        self.holds("未受付 has a reason", bool(items[3]["reason"]))

        number = self.client.submit(self.rows[:1])["send_number"]
        self.client.wait_for_submission(number, within=self.within)
        [item] = self.client.items(number)
        codes = [each["code"] for each in item["errors"]]
        self.holds("a 整理番号 makes one application only", codes, ["duplicate_reference"])

    def inquire(self) -> None:
        """申請状況照会"""
        told = self.client.application(self.paid)
        self.holds("検査申請受付中 after sending", told["status"]["code"], "received")
        self.holds("the next step names who acts", bool(told["next_step"]["who"]["code"]))
        refused = self.client.application(self.refused)
        self.holds("a bad signature ends as 未受付", refused["status"]["code"], "not_accepted")
        for number in (self.paid, self.corrected, self.withdrawn):
            self.staff(number, "accept")
        told = self.client.application(self.paid)
        self.holds("検査手数料等まとめ払い中 after 受付", told["status"]["code"], "fees_in_batch")
        due = {each["receipt_number"] for each, _payment in self.client.payments_due()}
        mine = {self.paid, self.corrected, self.withdrawn}
        self.holds("all three are told as payments due", due & mine, mine)

    def withdraw(self) -> None:
        """申請取り下げ（納付番号を取得する前）"""
        number = self.withdrawn
        acts = self.client.application(number)["next_step"]["acts"]
        self.holds("next_step offers withdraw", "withdraw" in acts)
        key = new_key()
        told = self.client.withdraw(number, idempotency_key=key)
        self.holds("検査申請取り下げ中", told["status"]["code"], "withdrawing")
        again = self.client.withdraw(number, idempotency_key=key)
        self.holds("the same key gets the same answer", again, told)
        self.refuses("only once", (409, "conflict"), lambda: self.client.withdraw(number))
        self.staff(number, "confirm_withdrawal")
        self.stands(number, "検査申請取り下げ after staff confirm", "withdrawn")

    def pay_fees(self) -> None:
        """まとめ納付：検査手数料等"""
        both = [self.paid, self.corrected]
        [number] = self.client.take_payment_numbers(both)
        self.holds("one number for two applications", number["count"], 2)
        self.refuses(
            "no second number for the same fees",
            (409, "conflict"),
            lambda: self.client.take_payment_numbers(both),
        )
        self.refuses(
            "with a number there is no withdrawing",
            (409, "conflict"),
            lambda: self.client.withdraw(self.paid),
        )
        self.pay(number)
        for each in both:
            self.stands(each, "検査申請審査中 after the bank's notice", "in_review")

    def correct(self) -> None:
        """申請の補正（指示を読み、ここでは取り下げる）"""
        today = date.fromisoformat(self.client.call("GET", "sandbox/clock")["now"][:10])
        deadline = (today + timedelta(days=3)).isoformat()
        self.staff(
            self.corrected,
            "order_correction",
            reason=REASON,
            fields=["user_name"],
            deadline=deadline,
        )
        found = [
            each
            for each in self.client.correction_orders()
            if each["receipt_number"] == self.corrected
        ]
        self.holds("検査申請補正待ち is found among the correction orders", len(found), 1)
        [application] = found
        order = application["correction"]
        self.holds("with the whole reason", order["reason"], REASON)
        self.holds("with its deadline", order["deadline"], deadline)
        fields = [(each["name"], each["value"]) for each in order["fields"]]
        self.holds("with the field and what stands in it", fields, [("user_name", "軽自　太郎")])
        self.holds("with the way to the portal", "portal" in order["_links"])
        self.client.withdraw(self.corrected)
        self.staff(self.corrected, "confirm_withdrawal")
        self.stands(self.corrected, "withdrawn instead of corrected", "withdrawn")

    def pay_weight_tax(self) -> None:
        """まとめ納付：自動車重量税、返付準備完了まで"""
        self.staff(self.paid, "pass_review", despite_missing=True)
        self.stands(self.paid, "自動車重量税まとめ払い中 after 審査", "weight_tax_in_batch")
        [number] = self.client.take_payment_numbers([self.paid])
        self.pay(number)
        self.stands(self.paid, "返付準備完了 after the bank's notice", "ready_to_return")
        told = self.client.application(self.paid)
        unpaid = [each["kind"]["code"] for each in told["payments"] if not each["paid_on"]]
        self.holds("every payment has its date", unpaid, [])

    def follow(self) -> None:
        """変わった申請を知る"""
        changed, cursor = self.client.changes(self.cursor)
        mine = {self.paid, self.corrected, self.withdrawn, self.refused}
        told = {each["receipt_number"] for each in changed}
        self.holds("all four are told as changed", told & mine, mine)
        again, _cursor = self.client.changes(cursor)
        told = {each["receipt_number"] for each in again}
        self.holds("and not a second time", told & mine, set())
        events, _cursor = self.client.events(self.events)
        numbers = [int(each["number"]) for each in events]
        self.holds("events come in order, none twice", numbers, sorted(set(numbers)))
        way = [
            each["status"]["code"]
            for each in events
            if each["receipt_number"] == self.paid and each["status"]
        ]
        wanted = ["received", "fees_in_batch", "in_review", "weight_tax_in_batch"]
        self.holds("they tell the whole way", way, [*wanted, "ready_to_return"])

    def description(self) -> None:
        """仕様（OpenAPI）"""
        described = self.client.call("GET", "openapi.json")["paths"]
        patterns = [
            (method.upper(), re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))))
            for path, methods in described.items()
            for method in methods
        ]
        unknown = sorted(
            f"{method} {path}"
            for method, path in self.asked
            if not path.endswith("/openapi.json")
            and not any(m == method and p.fullmatch(path) for m, p in patterns)
        )
        self.holds("everything that was asked here is described", unknown, [])

    # Helpers

    def staff(self, number: str, move: str, **said: Any) -> None:
        """Make a move as the member of staff whose move it is."""
        path = f"sandbox/applications/{number}/moves"
        version = self.client.call("GET", path)["version"]
        self.client.call("POST", path, {"move": move, "version": version, **said})

    def pay(self, number: Json) -> None:
        """Pay it at the practice bank, once the agency has given its digits."""
        told = self.client.wait_for_payment_number(number["reference"], within=self.within)
        self.client.call("POST", f"sandbox/payment-numbers/{told['payment_number']}/pay", {})

    def stands(self, number: str, what: str, status: str) -> None:
        """Wait until the application stands in this status."""
        try:
            self.client.wait_for_status(number, status, within=self.within)
        except TimedOut as missed:
            self.holds(what, missed.last["status"]["code"], status)
            raise
        self.holds(what, status, status)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("origin", help="address of a demo portal, e.g. http://127.0.0.1:8000")
    parser.add_argument("--within", type=float, default=120, help="seconds to wait for one thing")
    given = parser.parse_args()
    with Client(given.origin, os.environ.get("KOSS_KEY", "")) as client:
        walk = Walk(client, given.origin, given.within)
        try:
            certificate = httpx.get(given.origin.rstrip("/") + CERTIFICATE).raise_for_status()
        except httpx.HTTPError as error:
            sys.exit(f"No demo portal answers at {given.origin}: {error}")
        walk.signer = Signer.from_bytes(certificate.content, PIN)
        walk.run()
    print(f"\n{walk.differs or 'Nothing'} differs.")
    sys.exit(1 if walk.differs else 0)


if __name__ == "__main__":
    main()
