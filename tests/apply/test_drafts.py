"""A draft: sealed, found again, changed in two windows, forgotten."""

from datetime import timedelta

import pytest
from django.conf import settings as live

from applications.apply import drafts
from applications.models import Draft, Upload
from applications.status import Procedure
from koss.ground import clock, sealing

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return drafts.begin(
        Procedure.NEW_VEHICLE,
        password="!",
        answers={"contact": {"email": "keiji@gyosei.example"}},
        now=clock.now(),
    )


def test_the_database_alone_tells_no_answer(draft):
    drafts.answer(draft, "user", {"user_name": "軽自　太郎"}, version=0, now=clock.now())
    kept = Draft.objects.get()

    for secret in ("軽自", "keiji"):
        assert secret.encode() not in bytes(kept.sealed)
    assert drafts.answers_of(kept)["user"] == {"user_name": "軽自　太郎"}


def test_a_replaced_secret_still_opens_what_it_sealed(draft, settings):
    settings.SECRET_KEY_FALLBACKS = [live.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert drafts.answers_of(draft)

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.SealBroken):
        drafts.answers_of(draft)


def test_one_drafts_answers_do_not_open_with_anothers_salt(draft):
    with pytest.raises(sealing.SealBroken):
        sealing.open_sealed(draft.sealed, sealing.new_salt())


def test_a_form_of_another_window_overwrites_nothing(draft):
    now = clock.now()
    drafts.answer(draft, "user", {"user_name": "軽自　太郎"}, version=0, now=now)

    with pytest.raises(drafts.Gone):
        drafts.answer(draft, "user", {"user_name": "軽自　次郎"}, version=0, now=now)
    # The same answer twice, as a double press sends it, is no quarrel.
    again = drafts.answer(draft, "user", {"user_name": "軽自　太郎"}, version=0, now=now)

    assert drafts.answers_of(again)["user"] == {"user_name": "軽自　太郎"}


def test_it_is_kept_until_the_end_of_the_seventh_day_and_then_forgotten(draft):
    last = clock.at(clock.day(clock.now()) + timedelta(days=7), hour=23, minute=59)
    after = last + timedelta(minutes=2)
    forgotten = []

    for moment in (last, after):
        night = drafts.forget(clock.day(moment), now=moment, chunk=10)
        forgotten.append((bool(drafts.find(draft.number, now=moment)), sum(night)))

    assert forgotten == [(True, 0), (False, 1)]
    assert not Draft.objects.exists()
    assert not Upload.objects.exists()
