"""Browsers of payment users and the bank's machine, for the races: one task is one request."""

import json
from dataclasses import asdict

from django.test import Client
from django.urls import reverse

from payments.payer import sessions
from tests.signing_in import let_in


def client_of(user):
    """(client, handle): a browser that is signed in as ``user`` at 納付メニュー."""
    client = Client(raise_request_exception=False)
    return client, let_in(client, sessions.open_session, user, sessions.PAYMENT)


def withdraws(batch):
    """A task: OK on the question whether ``batch`` is to be withdrawn. Gives the status code."""
    client, handle = client_of(batch.user)
    address = reverse("payments:batch_withdrawal", args=[handle, batch.reference])
    return lambda: client.post(address, {"presses": str(batch.presses)}).status_code


def presses_pay(batch):
    """A task: 納付 in the row of ``batch``."""
    client, handle = client_of(batch.user)
    address = reverse("payments:pay", args=[handle, batch.reference])
    return lambda: client.post(address).status_code


def takes(user, keys, request_key):
    """A task: 納付番号取得 for the applications ``keys``."""
    client, handle = client_of(user)
    address = reverse("payments:targets_check", args=[handle])
    form = {"keys": " ".join(map(str, keys)), "request_key": request_key}
    return lambda: client.post(address, form).status_code


def notifies(message):
    """A task: the bank tells of a settlement."""
    body = json.dumps(asdict(message), default=lambda moment: moment.isoformat())
    client = Client(raise_request_exception=False, headers={"Koss-Signature": "stand-in"})
    address = reverse("payments:bank_notices")
    return lambda: client.post(address, body, content_type="application/json").status_code
