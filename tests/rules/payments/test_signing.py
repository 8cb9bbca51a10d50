"""Signatures between portal and bank: what they say, and how long they are good."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.banks import signing

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
SECRET, PURPOSE, BODY = "secret", "portal-to-bank:POST /api/numbers/", b'{"amount": 1}'
GOOD = signing.sign(SECRET, PURPOSE, BODY, now=NOW)


def check(secret=SECRET, purpose=PURPOSE, body=BODY, value=GOOD, now=NOW):
    signing.check(secret, purpose, body, value, now=now)


def test_it_is_written_as_the_paper_says():
    seconds = str(int(NOW.timestamp()))
    mac = hmac.new(b"secret", f"{PURPOSE}.{seconds}.".encode() + BODY, hashlib.sha256)
    assert f"t={seconds},v1={mac.hexdigest()}" == GOOD
    check()


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "another"},
        {"purpose": "portal-to-bank:POST /api/debits/"},
        {"purpose": "answer:/api/numbers/"},
        {"body": b'{"amount": 2}'},
        {"body": b""},
        {"value": GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")},
        {"value": GOOD.replace("t=1", "t=2")},
        {"value": GOOD.upper()},
        {"value": GOOD + "\n"},
        {"value": GOOD + "," + GOOD},
        {"value": ""},
        {"value": None},
        {"value": "t=,v1="},
        {"value": "t=1,v1=" + "é" * 64},
    ],
)
def test_anything_else_is_refused(changed):
    with pytest.raises(signing.BadSignature):
        check(**changed)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_five_minutes_either_way_are_good(seconds):
    check(now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_more_are_not(seconds):
    with pytest.raises(signing.BadSignature):
        check(now=NOW + timedelta(seconds=seconds))


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_was_signed_is_believed_and_nothing_else(body, purpose):
    purpose = purpose.encode(errors="replace").decode()
    value = signing.sign(SECRET, purpose, body, now=NOW)
    check(purpose=purpose, body=body, value=value)
    with pytest.raises(signing.BadSignature):
        check(purpose=purpose, body=body + b"x", value=value)


@given(st.text(max_size=120))
def test_no_header_is_too_odd(value):
    with pytest.raises(signing.BadSignature):
        check(value=value)


def test_a_token_can_be_read_and_is_signed_for_its_purpose():
    token = signing.token(SECRET, "link", b'{"amount": 1}')
    packed, _dot, signature = token.partition(".")
    assert json.loads(base64.urlsafe_b64decode(packed + "==")) == {"amount": 1}
    mac = hmac.new(b"secret", f"link.{packed}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == mac
    assert token != signing.token(SECRET, "other", b'{"amount": 1}')
