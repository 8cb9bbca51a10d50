"""The row that is kept of a signature, and the worker that asks again."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from applications.models import Match, Revocation, RevocationAnswer
from applications.signatures import again, lists
from applications.signatures.checking import check
from applications.signatures.record import keep
from applications.signatures.refusals import Refusal, SignatureRefused
from koss.ground import clock
from tests.practice import signed

pytestmark = pytest.mark.databases

CONTENT = "車台番号：AX01-0000001\n".encode()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def application(an_application):
    return an_application("検査申請受付中")


@pytest.fixture
def kept(practice, application):
    """``kept(file, silent=…)``: a signature with that certificate, checked and kept."""

    def checked_and_kept(file="scrivener.p12", *, silent=False):
        now = clock.now()
        cms = signed(CONTENT, file)
        practice.hidden = {"issuing.crl", "root.crl", "ocsp"} if silent else set()
        try:
            signer, refusal = check(cms, CONTENT, now=now), ""
        except SignatureRefused as refused:
            signer, refusal = refused.signer, refused.refusal
        return keep(application, CONTENT, cms, signer=signer, refusal=refusal, now=now)

    return checked_and_kept


def open_tasks():
    return DBTaskResult.objects.filter(task_path__endswith="again.check_again").count()


def test_a_good_one(kept, application):
    row = kept()
    row.refresh_from_db()

    assert (row.refusal, row.match, row.revocation) == ("", Match.SAME, Revocation.GOOD)
    assert (bytes(row.content), bytes(row.cms)) == (CONTENT, bytes(row.cms))
    assert (row.name, row.organisation, row.practice) == (
        "軽自　太郎",
        "軽自行政書士事務所",
        True,
    )
    assert row.evidence.count() == 2  # the lists of both authorities
    assert open_tasks() == 0


def test_a_list_that_many_used_stands_there_once(kept):
    kept()
    kept()

    assert RevocationAnswer.objects.count() == 2


def test_a_refused_one_keeps_what_the_certificate_says(kept):
    row = kept("expired.p12")

    assert (row.refusal, row.organisation, row.revocation) == (
        Refusal.EXPIRED,
        "軽自行政書士事務所",
        "",
    )


def test_a_revoked_one_keeps_the_proof(kept):
    row = kept("revoked.p12")

    assert (row.refusal, row.revocation) == (Refusal.REVOKED, Revocation.REVOKED)
    assert row.evidence.exists()


def test_one_that_cannot_be_read(practice, application):
    row = keep(application, CONTENT, b"", refusal=Refusal.NOT_DER, now=clock.now())

    assert (row.fingerprint, row.match, str(row)) == ("", "", Refusal.NOT_DER.label)


class TestAskingAgain:
    def test_nobody_answered_then_somebody_says_good(self, kept, practice):
        row = kept(silent=True)
        assert (row.refusal, row.revocation, open_tasks()) == ("", Revocation.UNKNOWN, 1)

        practice.hidden = set()
        again.check_again.call(signature_id=row.pk)

        row.refresh_from_db()
        assert (row.refusal, row.revocation, row.revocation_tries) == ("", Revocation.GOOD, 2)
        assert row.evidence.count() == 2
        assert open_tasks() == 1  # no further one

    def test_it_was_revoked_all_along(self, kept, practice):
        row = kept("revoked.p12", silent=True)
        practice.hidden = set()

        row = again.look_again(row, now=clock.now())

        assert (row.refusal, row.revocation) == (Refusal.REVOKED, Revocation.REVOKED)

    def test_what_was_revoked_after_the_signature_was_good(self, kept, practice, monkeypatch):
        row = kept("revoked.p12", silent=True)
        practice.hidden = set()
        revoked_at = lists.RevocationList.revoked_at

        def revoked_later(found, serial):
            return revoked_at(found, serial) and row.made_at + MINUTE

        monkeypatch.setattr(lists.RevocationList, "revoked_at", revoked_later)

        row = again.look_again(row, now=clock.now())

        assert (row.refusal, row.revocation) == ("", Revocation.GOOD)

    def test_it_asks_with_growing_waits_and_then_gives_up(self, kept):
        row = kept(silent=True)
        for _ in again.WAITS:
            row = again.look_again(row, now=clock.now())

        waits = DBTaskResult.objects.order_by("run_after").values_list("run_after", flat=True)
        assert list(waits) == sorted(waits)
        assert (row.revocation, row.revocation_tries) == (
            Revocation.UNKNOWN,
            1 + len(again.WAITS),
        )
        assert open_tasks() == len(again.WAITS)

    def test_two_workers_write_one_answer(self, kept, practice):
        row = kept(silent=True)
        practice.hidden = set()
        first = again.look_again(row, now=clock.now())
        second = again.look_again(row, now=clock.now())

        assert first.revocation_tries == second.revocation_tries == 2
