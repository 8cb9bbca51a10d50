"""ダイレクト納付口座: applied for by the user, decided by the bank."""

from datetime import timedelta

import pytest

from koss.ground import clock
from koss.ground.text import Unreadable
from payments import banks
from payments.direct import accounts
from payments.models import AccountKind, AccountState, DirectAccount, EventKind
from tests.rules.payments.people import NOON, events, user

__all__ = ["user"]

ACCOUNT = {
    "bank": "0101",
    "branch": "002",
    "account_type": "ordinary",
    "account_number": "1000001",
    "holder_kana": "ケイジ タロウ",
}


@pytest.fixture
def applied(user, bank):
    return accounts.apply_for(user, AccountKind.NATIONAL, now=NOON, **ACCOUNT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ケイジギョウセイショシジムショ", "ケイジギヨウセイシヨシジムシヨ"),
        ("ｹｲｼﾞｷﾞｮｳｾｲ", "ケイジギヨウセイ"),
        ("　ケイジ　　タロウ　", "ケイジ タロウ"),
        ("カ）ケイジ．ｏｓｓ", "カ)ケイジ.OSS"),
        ("ヴェルファイヤー", "ヴエルフアイヤー"),
    ],
)
def test_a_holder_is_kept_as_banks_know_it(typed, kept):
    assert accounts.read_holder(typed) == kept


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("軽自 タロウ", "「軽」（U+8EFD）、「自」（U+81EA）"),
        ("A&B", "「&」（U+0026）"),
        ("カ\x00", "制御文字（U+0000）"),
    ],
)
def test_signs_that_no_bank_writes_are_named(typed, signs):
    with pytest.raises(Unreadable) as refused:
        accounts.read_holder(typed)
    assert refused.value.about("口座名義").endswith(f"：{signs}")


def test_a_new_account_waits_for_the_bank(applied, user):
    assert applied.account_id.startswith("KK")
    assert applied.state == AccountState.WAITING
    assert events(user) == [EventKind.ACCOUNT_MADE]


def test_pressing_twice_makes_one_account(applied, user):
    again = accounts.apply_for(user, AccountKind.NATIONAL, now=NOON, **ACCOUNT)
    other_kind = accounts.apply_for(user, AccountKind.LOCAL, now=NOON, **ACCOUNT)

    assert again == applied
    assert other_kind != applied


def test_the_bank_confirms_it(applied, bank):
    confirmed = accounts.confirm(applied, now=NOON)

    assert confirmed.state == AccountState.ACTIVE
    assert (confirmed.bank_name, confirmed.branch_name) == ("東京三葉銀行", "中央支店")
    [(name, asked)] = bank.asked
    assert name == "register_account"
    assert asked == ACCOUNT | {"reference": applied.reference}


def test_the_bank_refuses_it(applied, bank, user):
    bank.refuses = "holder_differs"
    refused = accounts.confirm(applied, now=NOON)

    assert (refused.state, refused.refusal) == (AccountState.REFUSED, "holder_differs")
    # It may be applied for anew.
    assert accounts.apply_for(user, AccountKind.NATIONAL, now=NOON, **ACCOUNT) != applied


def test_a_bank_that_is_away_is_asked_again_later(applied, bank):
    bank.unreachable = True
    accounts.confirm_account.func(applied.pk)
    with pytest.raises(banks.BankUnreachable):
        accounts.confirm(applied, now=NOON)
    applied.refresh_from_db()
    assert applied.state == AccountState.WAITING

    bank.unreachable = False
    accounts.confirm_account.func(applied.pk)
    applied.refresh_from_db()
    assert applied.state == AccountState.ACTIVE


def test_the_first_answer_counts(applied, bank):
    accounts.decide(applied, names=("東京三葉銀行", "中央支店"), now=NOON)
    later = accounts.decide(applied, refusal="account_closed", now=NOON + timedelta(days=1))

    assert (later.state, later.decided_at) == (AccountState.ACTIVE, NOON)
    assert accounts.confirm(later, now=clock.now()) == later
    assert bank.asked == []


@pytest.mark.parametrize("reason", ["unknown_account", "account_closed", "holder_differs", "?"])
def test_every_refusal_has_words(reason):
    assert str(accounts.refusal_words(reason)).endswith("。")


def test_an_id_that_is_taken_is_drawn_again(applied, user, monkeypatch):
    draws = iter([applied.account_id, "KKZZ0000"])
    monkeypatch.setattr(accounts.users, "new_id", lambda prefix: next(draws))
    accounts.apply_for(user, AccountKind.LOCAL, now=NOON, **ACCOUNT)

    assert DirectAccount.objects.get(kind=AccountKind.LOCAL).account_id == "KKZZ0000"
