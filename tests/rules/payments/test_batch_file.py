"""まとめ納付管理ファイル: what it says, and which ones are refused."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.models import EventKind
from payments.payer import batch_file
from payments.payer.batch_file import Reason
from tests.rules.payments.people import NOON, events, user

__all__ = ["user"]

DAY = timedelta(days=1)


def refusal(packed, now=NOON):
    with pytest.raises(batch_file.BatchFileRefused) as refused:
        batch_file.read(packed, now)
    return refused.value.reason


@pytest.fixture
def packed(user):
    return batch_file.make(user, NOON)[1]


def changed(packed, **changes):
    return json.dumps(json.loads(packed) | changes).encode()


def test_it_names_its_user_and_nothing_that_is_secret(user, settings):
    name, packed = batch_file.make(user, NOON)

    assert name == "まとめ納付管理ファイル_軽自動車OSS用.json"
    content = json.loads(packed)
    signature = content.pop("signature")
    assert content == {
        "version": 1,
        "issuer": settings.KOSS_ORIGIN,
        "payment_user_id": "KNAB1234",
        "issued_on": "2026-05-12",
        "expires_on": "2027-05-12",
    }
    assert len(signature) == 64
    for secret in (user.admin_email, user.password, user.name):
        assert secret not in packed.decode()
    assert events(user) == [EventKind.FILE_TAKEN]


def test_it_binds_its_user(packed, user):
    assert batch_file.read(packed, NOON) == user


def test_how_it_is_laid_out_does_not_matter(packed, user):
    facts = json.loads(packed)
    turned = dict(reversed(facts.items()))

    assert batch_file.read(json.dumps(turned).encode(), NOON) == user
    assert batch_file.read("\ufeff".encode() + packed, NOON) == user


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_user_id": "KNCA6288"},
        {"expires_on": "2099-01-01"},
        {"issued_on": "2026-05-11"},
        {"signature": "0" * 64},
        {"signature": "あ"},
        {"signature": ""},
    ],
)
def test_a_changed_one_is_tampered(packed, changes):
    assert refusal(changed(packed, **changes)) is Reason.TAMPERED


def test_one_of_another_portal_is_foreign(packed, settings):
    assert refusal(changed(packed, issuer="https://other.example")) is Reason.FOREIGN
    settings.KOSS_ORIGIN = "https://moved.example"
    assert refusal(packed) is Reason.FOREIGN


def test_one_signed_with_another_key_is_tampered(packed, settings):
    settings.SECRET_KEY = "another"
    assert refusal(packed) is Reason.TAMPERED


def test_it_is_good_on_its_last_day_and_no_longer(packed, user):
    last = NOON + 365 * DAY

    assert batch_file.read(packed, last) == user
    assert batch_file.read(packed, last.replace(hour=23, minute=59, second=59)) == user
    assert refusal(packed, last.replace(hour=0) + DAY) is Reason.EXPIRED


def test_its_life_is_a_setting(user, settings):
    settings.KOSS_BATCH_FILE_DAYS = 1
    _name, packed = batch_file.make(user, NOON)

    assert refusal(packed, NOON + 2 * DAY) is Reason.EXPIRED


def test_a_user_who_is_gone_is_said_to_be(packed, user):
    user.delete()
    assert refusal(packed) is Reason.UNKNOWN_USER


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 10_000,
        b"9" * 10_000,
        b'{"version": NaN}',
        b"x" * (batch_file.LARGEST + 1),
    ],
    ids=lambda junk: junk[:12].decode(errors="replace"),
)
def test_what_is_no_such_file_is_unreadable(junk):
    assert refusal(junk) is Reason.UNREADABLE


@pytest.mark.parametrize(
    "changes",
    [{"version": 2}, {"version": "1"}, {"issuer": None}, {"payment_user_id": []}, {"more": 1}],
)
def test_another_shape_is_unreadable(packed, changes):
    assert refusal(changed(packed, **changes)) is Reason.UNREADABLE


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_names = ["version", "issuer", "payment_user_id", "issued_on", "expires_on", "signature"]


@given(st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_break_it(junk):
    assert refusal(junk) is Reason.UNREADABLE


@given(st.fixed_dictionaries(dict.fromkeys(_names, _json)))
def test_no_values_break_it(values):
    values["version"] = 1
    assert refusal(json.dumps(values).encode()) in (Reason.UNREADABLE, Reason.FOREIGN)
