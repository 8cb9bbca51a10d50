"""API keys on マイページ: shown once, kept as a digest, changed for new ones, ended."""

import re
from datetime import timedelta

import pytest

from koss.ground import clock
from payments.demo import payers
from payments.models import Credential, CredentialEnd, Scope
from payments.payer import barring, credentials, users
from tests.api.callers import Caller, owner
from tests.races.crowd import all_at_once
from tests.signing_in import signs_in_to_my_page

pytestmark = [pytest.mark.databases, pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.fixture
def user():
    return payers.payment_user(bulk_id=payers.BULK_ID)


def key_on(visitor):
    return re.search(r">(koss_[\w-]{43})<", visitor.html)[1]


def call(key):
    caller = Caller()
    return caller.get("key", Authorization=f"Bearer {key}")


def makes_a_key(visitor, name="事務所のシステム", *scopes):
    visitor.presses("APIキーを作成する")
    visitor.fills("名前", name)
    for scope in scopes or ("申請の状況を読む",):
        visitor.ticks(scope)
    visitor.presses("APIキーを作成する")
    visitor.sees("APIキーを作成しました")
    return key_on(visitor)


def test_a_key_is_made_seen_once_changed_and_revoked(visitor, user):
    signs_in_to_my_page(visitor)
    visitor.presses("APIキー")
    visitor.sees("使えるキーはありません。")
    old = makes_a_key(visitor)
    assert call(old).json()["scopes"] == ["read"]
    assert old not in str(Credential.objects.values())

    visitor.presses("APIキーの一覧へ戻る")
    visitor.sees("事務所のシステム", old[:9], "申請の状況を読む")
    assert old not in visitor.html
    visitor.presses("新しいキーに切り替える")
    visitor.chooses("7日後に無効にする")
    visitor.presses("新しいキーに切り替える")
    new = key_on(visitor)
    assert call(old).status_code == call(new).status_code == 200
    later = clock.now() + timedelta(days=7, seconds=1)
    assert credentials.find(old, now=later) is None
    assert credentials.find(new, now=later)

    page = visitor.path
    [kept] = Credential.objects.filter(ends_at=None)
    visitor.opens(page.split("keys/")[0] + f"keys/{kept.pk}/end/")
    visitor.presses("キーを取り消す")
    visitor.sees("無効になったキー", "取り消し")
    assert call(new).status_code == 401
    visitor.opens(page.split("keys/")[0] + "history/")
    visitor.sees("APIキーの作成", "APIキーの切り替え", "APIキーの取り消し")


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(visitor, user):
    signs_in_to_my_page(visitor)
    visitor.presses("APIキー")
    visitor.presses("APIキーを作成する")
    visitor.ticks("申請の状況を読む")
    visitor.presses("APIキーを作成する")

    visitor.sees("名前を入力してください。")
    assert "checked" in visitor.field("申請の状況を読む").attributes
    assert not Credential.objects.exists()


def test_the_same_press_makes_one_key_and_shows_it_once(user):
    pressed = {"name": "x", "scopes": [Scope.READ], "request_key": "0" * 32, "now": clock.now()}
    first, key = credentials.make(user, **pressed)
    again, nothing = credentials.make(user, **pressed)

    assert (first, key[:5], nothing) == (again, "koss_", "")


def test_another_ones_key_and_a_dead_one_are_gone(visitor, user):
    theirs = Caller(payers.payment_user("KNZZ0001", bulk_id="KIZZ0001")).credential
    page = signs_in_to_my_page(visitor)
    for pk in (theirs.pk, theirs.pk + 1):
        for act in ("end/", "new/"):
            visitor.opens(f"{page}keys/{pk}/{act}")
            assert visitor.status == 409
            visitor.sees("すでに無効になっています")
    posted = visitor.client.post(f"{page}keys/{theirs.pk}/new/", {"overlap": "0"})
    assert posted.status_code == 409
    assert call_of(theirs).ends_at is None
    with pytest.raises(ValueError, match="overlap"):
        credentials.rotate(user, theirs.pk, overlap=timedelta(days=2), now=clock.now())


def call_of(credential):
    return Credential.objects.get(pk=credential.pk)


def test_there_are_twenty_at_most(visitor, user, monkeypatch):
    monkeypatch.setattr(credentials, "AT_MOST", 1)
    signs_in_to_my_page(visitor)
    visitor.presses("APIキー")
    makes_a_key(visitor)
    visitor.presses("APIキーの一覧へ戻る")
    visitor.presses("APIキーを作成する")
    visitor.fills("名前", "もう一つ")
    visitor.ticks("申請の状況を読む")
    visitor.presses("APIキーを作成する")

    assert visitor.status == 409
    visitor.sees("使えるAPIキーは1個までです。")


def test_who_has_no_bulk_id_is_told_so(visitor):
    payers.payment_user()
    page = signs_in_to_my_page(visitor)
    assert not visitor.can_press("APIキー")
    visitor.opens(f"{page}keys/")
    visitor.sees("一括利用者IDは発行されていません。")


def test_a_new_bulk_password_ends_every_key(user):
    caller = owner()
    users.set_bulk_password(user, "Atarashii-2026", now=clock.now())

    assert caller.get("key").status_code == 401
    assert call_of(caller.credential).end == CredentialEnd.PASSWORD_RESET


def test_who_is_locked_by_staff_cannot_call(user):
    caller = owner()
    barring.lock(user, by="kanri", reason="不正な利用の疑い", now=clock.now())
    assert caller.get("key").status_code == 401
    barring.unlock(user, by="kanri", reason="確認済み", now=clock.now())
    assert caller.get("key").status_code == 200


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_requests_at_once_count_as_twenty(settings):
    settings.KOSS_API_REQUESTS_PER_MINUTE = 12
    credential = owner().credential
    at = clock.system_now().replace(second=30)

    def request():
        try:
            return credentials.count(Credential.objects.get(pk=credential.pk), at=at)
        except credentials.TooManyRequests:
            return None

    counted = [left for left in all_at_once([request] * 20) if left is not None]

    assert len(counted) == 12
