"""The client of the bulk interface as a program: one JSON object a line.

Stands beside ``koss_client.py``. KOSS_KEY holds the API key, KOSS_PIN the PIN of the certificate::

    python koss_cli.py http://127.0.0.1:8000 send set.json --certificate scrivener.p12
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
from koss_client import ApiProblem, Client, Json, Signer, TimedOut


def _send(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    rows = json.loads(given.set.read_text())["applications"]
    for row in rows:
        # {"kind": …, "file": path} becomes {"kind": …, "digest": …}.
        for each in row.get("attachments", []):
            if file := each.pop("file", None):
                path = given.set.parent / file
                each["digest"] = client.upload(path.read_bytes(), path.name)
    rows = client.sign(rows, Signer.from_file(given.certificate, os.environ.get("KOSS_PIN", "")))
    number = client.submit(rows)["send_number"]
    client.wait_for_submission(number)
    return client.items(number)


def _numbers(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    for each in client.take_payment_numbers(given.receipt_numbers):
        yield client.wait_for_payment_number(each["reference"])


def _changes(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    found, cursor = client.changes(given.cursor)
    yield from found
    yield {"next_cursor": cursor}


def _payments(client: Client, _given: argparse.Namespace) -> Iterator[Json]:
    for application, payment in client.payments_due():
        yield {"receipt_number": application["receipt_number"], **payment}


def _withdraw(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    yield client.withdraw(given.receipt_number)


def _show(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    yield client.application(given.receipt_number)


def _wait(client: Client, given: argparse.Namespace) -> Iterator[Json]:
    for number in given.receipt_numbers:
        yield client.wait_for_status(number, given.status)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("origin", help="address of the portal, e.g. http://127.0.0.1:8000")
    commands = parser.add_subparsers(required=True)

    def command(name: str, does: Callable[..., Iterable[Json]], help: str) -> Any:
        its = commands.add_parser(name, help=help)
        its.set_defaults(does=does)
        return its

    its = command("send", _send, "sign and send a set, and tell how each row went")
    its.add_argument("set", type=Path, help='JSON file: {"applications": [rows of docs/api.md]}')
    its.add_argument("--certificate", type=Path, required=True, help="PKCS#12 file")
    its = command("changes", _changes, "applications that changed since a cursor")
    its.add_argument("cursor", nargs="?", default="0")
    command("corrections", lambda client, _given: client.correction_orders(), "correction orders")
    command("payments", _payments, "what is to be paid now")
    its = command("numbers", _numbers, "take payment numbers for these applications together")
    its.add_argument("receipt_numbers", nargs="+")
    its = command(
        "withdraw", lambda client, given: [client.withdraw(given.receipt_number)], "withdraw"
    )
    its.add_argument("receipt_number")
    its = command(
        "show", lambda client, given: [client.application(given.receipt_number)], "one application"
    )
    its.add_argument("receipt_number")
    its = command("wait", _wait, "wait until applications have this status, e.g. in_review")
    its.add_argument("status")
    its.add_argument("receipt_numbers", nargs="+")
    given = parser.parse_args()
    try:
        with Client(given.origin, os.environ.get("KOSS_KEY", "")) as client:
            for each in given.does(client, given):
                print(json.dumps(each, ensure_ascii=False), flush=True)
    except (ApiProblem, TimedOut, httpx.HTTPError, OSError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
