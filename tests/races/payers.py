"""Browsers of payment users and the bank's machine, for the races: one task is one request."""

import json
from dataclasses import asdict
from importlib import import_module

from django.conf import settings
from django.test import Client
from django.urls import reverse

from koss import clock, handles

HANDLE = "handle"


def client_of(user):
    """A browser that is signed in as ``user`` at 納付メニュー."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    seen = int(clock.system_now().timestamp())
    session[handles.PAYMENT] = {HANDLE: {"user": user.pk, "version": user.version, "seen": seen}}
    session.save()
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def withdraws(batch):
    """A task: OK on the question whether ``batch`` is to be withdrawn. Gives the status code."""
    client = client_of(batch.user)
    address = reverse("payments:batch_withdrawal", args=[HANDLE, batch.reference])
    return lambda: client.post(address, {"press": str(batch.presses)}).status_code


def presses_pay(batch):
    """A task: 納付 in the row of ``batch``."""
    client = client_of(batch.user)
    address = reverse("payments:pay", args=[HANDLE, batch.reference])
    return lambda: client.post(address).status_code


def takes(user, keys, press):
    """A task: 納付番号取得 for the applications ``keys``."""
    client = client_of(user)
    address = reverse("payments:targets_check", args=[HANDLE])
    form = {"keys": " ".join(map(str, keys)), "press": press}
    return lambda: client.post(address, form).status_code


def notifies(message):
    """A task: the bank tells of a settlement."""
    body = json.dumps(asdict(message), default=lambda moment: moment.isoformat())
    client = Client(raise_request_exception=False, headers={"Koss-Signature": "stand-in"})
    address = reverse("payments:bank_notices")
    return lambda: client.post(address, body, content_type="application/json").status_code
