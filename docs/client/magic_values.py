"""Send one application for each magic value of a demo portal, and print where each comes to rest.

KOSS_KEY holds an API key that may read, submit, pay and drive the sandbox::

    KOSS_KEY=koss_… python magic_values.py http://127.0.0.1:8000

Stands beside ``koss_client.py`` and ``conformance.py``. Nobody presses anything: rounds, and at
last some nights where a payment is to come late, are asked for. Then the demo's clock is more than
a month ahead. Exit status 1 where a value does not reach what the portal says of it.
"""

import argparse
import os
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx
from conformance import CERTIFICATE, PIN, ROW
from koss_client import ApiProblem, Client, Conflict, Json, NotFound, Signer, TimedOut

NEW = {name: each for name, each in ROW.items() if name != "plate"} | {
    "procedure": "new_vehicle",
    "type_designation": "12345",
    "category_number": "0001",
}
# Rounds without any change after which nothing more is waited for, and the pause between them.
QUIET, PAUSE = 4, 1.0


@dataclass
class Sample:
    """One application. ``wanted``: the code of the status that it should reach, or ""."""

    value: Json
    row: Json
    wanted: str = ""
    number: str = ""
    reached: str = ""
    opened: str = ""

    @property
    def acts(self) -> set[str]:
        return {each["code"] for each in self.value["where"]}

    @property
    def holds(self) -> bool:
        return self.wanted in ("", self.reached)


class Play:
    """One run."""

    def __init__(self, client: Client, origin: str, only: list[str]):
        self.client, self.origin = client, origin.rstrip("/")
        mark = uuid.uuid4().hex[:8]
        told = client.call("GET", "sandbox/values")["items"]
        today = client.call("GET", "sandbox/clock")["now"][:10]
        wanted = [value for value in told if not only or value["value"] in only]
        self.samples = [each for value in wanted for each in samples_of(value, today)]
        for place, sample in enumerate(self.samples):
            sample.row["reference"] = f"{mark}-{place}"
        self.taken: set[str] = set()

    def run(self) -> bool:
        """Whether every value reached what it should."""
        self.send()
        self.until_quiet()
        # Those of which the money comes, and has not come yet.
        late = [
            each
            for each in self.samples
            if each.reached == "fees_in_batch" and "bank" in each.acts and not each.wanted
        ]
        self.show([each for each in self.samples if each not in late])
        if late:
            self.sleep(2)
            self.until_quiet(late)
            self.show([each for each in late if each.reached != "fees_in_batch"])
            late = [each for each in late if each.reached == "fees_in_batch"]
        if late:
            self.go_past_due()
            self.until_quiet(late)
            self.show(late)
        return all(each.holds for each in self.samples)

    def send(self) -> None:
        """Each signed with its own certificate, all in one set."""
        by_file: dict[str, list[Sample]] = {}
        for sample in self.samples:
            is_file = sample.value["kind"]["code"] == "certificate"
            by_file.setdefault(sample.value["value"] if is_file else "", []).append(sample)
        rows: dict[str, Json] = {}
        for file, some in by_file.items():
            address = CERTIFICATE.rpartition("/")[0] + f"/{file}" if file else CERTIFICATE
            got = httpx.get(self.origin + address, timeout=60).raise_for_status()
            signer = Signer.from_bytes(got.content, PIN)
            for row in self.client.sign([each.row for each in some], signer):
                rows[row["reference"]] = row
        sent = self.client.submit([rows[each.row["reference"]] for each in self.samples])
        self.client.wait_for_submission(sent["send_number"], within=600)
        items = {each["reference"]: each for each in self.client.items(sent["send_number"])}
        for sample in self.samples:
            item = items[sample.row["reference"]]
            sample.number = item["receipt_number"] or ""
            sample.reached = item["state"]["code"]

    def until_quiet(self, some: list[Sample] | None = None) -> None:
        """Round after round, until nothing changes any more."""
        some = self.samples if some is None else some
        quiet = 0
        while quiet < QUIET:
            self.client.call("POST", "sandbox/rounds")
            time.sleep(PAUSE)
            changed = self.pay_what_is_due(some)
            for sample in some:
                changed |= self.look(sample)
            quiet = 0 if changed else quiet + 1

    def look(self, sample: Sample) -> bool:
        """Read how it stands; whether that is news."""
        if not sample.number:
            return False
        told = self.client.application(sample.number)
        before, sample.reached = sample.reached, told["status"]["code"]
        if order := told["correction"]:
            names = [each["name"] for each in order["fields"]]
            names += [each["code"] for each in order["attachments"]]
            sample.opened = ", ".join(names)
        return sample.reached != before

    def pay_what_is_due(self, some: list[Sample]) -> bool:
        """Take a number for what nobody pays by itself, and pay it unless the value does."""
        mine = {each.number: each for each in some if each.number and not each.value["reaches"]}
        did = False
        for application, payment in list(self.client.payments_due()):
            sample = mine.get(application["receipt_number"])
            key = f"{application['receipt_number']} {payment['kind']['code']}"
            if sample is None or key in self.taken or sample.row["payment_method"] != "batch":
                continue
            self.taken.add(key)
            did = True
            try:
                [number] = self.client.take_payment_numbers([sample.number])
                if not sample.acts & {"bank", "agency"}:
                    told = self.client.wait_for_payment_number(number["reference"], within=120)
                    path = f"sandbox/payment-numbers/{told['payment_number']}/pay"
                    self.client.call("POST", path, {})
            except (Conflict, NotFound, TimedOut) as error:
                print(f"{sample.value['value']}: {error}", file=sys.stderr)
        return did

    def sleep(self, nights: int) -> None:
        """The nights that come next."""
        for _night in range(nights):
            day = self.client.call("GET", "sandbox/clock")["night_of"]
            self.client.call("POST", "sandbox/nights", {"business_date": day})

    def go_past_due(self) -> None:
        """More than a month, and the nights behind it."""
        now = datetime.fromisoformat(self.client.call("GET", "sandbox/clock")["now"])
        to = (now + timedelta(days=33)).isoformat()
        self.client.call("POST", "sandbox/clock", {"to": to})
        self.client.call("POST", "sandbox/rounds")
        self.sleep(2)

    def show(self, some: list[Sample]) -> None:
        """One line for each: value, status, what a correction opened."""
        for each in some:
            said = "ok      " if each.holds else "DIFFERS "
            more = f" ({each.opened})" if each.opened else ""
            more += "" if each.holds else f" instead of {each.wanted}"
            print(f"{said} {each.value['value']:<24} {each.reached}{more}")


def samples_of(value: Json, today: str) -> list[Sample]:
    """One for each status that ``value`` reaches, or one of its own."""
    found = []
    for reach in value["reaches"] or [None]:
        row = dict(ROW)
        wanted = ""
        if reach:
            row = dict(ROW if "continued_inspection" in reach["procedures"] else NEW)
            row["payment_method"] = max(set(reach["payment_methods"]) - {"direct"}, key=_by_batch)
            is_over = reach["until"] and date.fromisoformat(reach["until"]) < date.fromisoformat(
                today
            )
            wanted = "" if is_over else reach["status"]["code"]
        elif "新車" in value["label"]:
            row = dict(NEW)
        typed = value["value"]
        match value["kind"]["code"]:
            case "chassis_number":
                row["chassis_number"] = f"{typed}{uuid.uuid4().int % 10**7:07d}"
            case "certificate":
                pass
            case name:
                row[name] = typed
        found.append(Sample(value, row, wanted))
    return found


def _by_batch(method: str) -> bool:
    return method == "batch"


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("origin", help="address of a demo portal, e.g. http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="+", default=[], metavar="VALUE", help="these alone")
    given = parser.parse_args()
    with Client(given.origin, os.environ.get("KOSS_KEY", "")) as client:
        try:
            holds = Play(client, given.origin, given.only).run()
        except (ApiProblem, TimedOut, httpx.HTTPError) as error:
            sys.exit(f"{type(error).__name__}: {error}")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
