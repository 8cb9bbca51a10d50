"""Sentences that were stored before become the codes that stand for them."""

from importlib import import_module

import pytest
from django.apps import apps

from applications.models import HistoryEntry, Notice
from applications.status import Actor, MoveName, StandardReason, Status
from koss.ground import clock
from koss.mail import outbox
from koss.models import NightRun, OutgoingMail
from koss.operation import night
from payments.models import NoticeVerdict
from payments.numbers import failures
from qrcodes.models import papers_in_words

pytestmark = pytest.mark.databases

applications = import_module("applications.migrations.0010_codes_and_facts")
mails = import_module("koss.migrations.0009_mails_keep_codes")
papers = import_module("qrcodes.migrations.0004_papers_by_code")


def test_every_sentence_becomes_its_own_code():
    assert {str(reason.label): reason.value for reason in StandardReason} == applications.REASONS
    assert {str(status.label): status.value for status in Status} == mails.STATUSES
    assert {step.code for step in night.STEPS} >= set(mails.STEPS.values())
    assert {failures.words(code): code for code in mails.FAILURES.values()} == mails.FAILURES
    assert {verdict for verdict in NoticeVerdict if verdict.goes_back} <= {
        *mails.FAILURES.values(),
        NoticeVerdict.UNKNOWN_NUMBER,  # belongs to no debit
    }
    assert papers_in_words(papers.PAPERS.values()) == list(papers.PAPERS)


@pytest.mark.django_db
def test_a_record_keeps_what_staff_typed(an_application):
    application = an_application("検査申請審査中")
    [typed, written] = [
        HistoryEntry.objects.create(
            application=application,
            version=version,
            move=MoveName.REJECT,
            to_status=Status.REJECTED,
            actor=Actor.REVIEWER,
            reason=reason,
            at=clock.now(),
        )
        for version, reason in ((90, "確認しました"), (91, next(iter(applications.REASONS))))
    ]

    applications.keep_codes(apps, None)

    typed.refresh_from_db()
    written.refresh_from_db()
    assert (typed.reason, typed.standard_reason) == ("確認しました", "")
    assert (written.reason, written.standard_reason) == ("", "fees_lapsed")
    assert not Notice.objects.filter(reason__in=applications.REASONS).exists()


@pytest.mark.django_db
def test_an_old_mail_and_an_old_night_are_read_as_before():
    mail = OutgoingMail.objects.create(
        key="invalid:1:2:a@b.example",
        template="invalid",
        to="a@b.example",
        facts={
            "receipt_number": "21122310500030459",
            "procedure": "継続検査",
            "status": "検査申請無効",
            "applicant": "軽自行政書士事務所",
            "deadline": "2026年4月7日",
            "reason": next(iter(applications.REASONS)),
        },
        created_at=clock.now(),
        due_at=clock.now(),
    )
    failed = mails.codes_of(
        "payments/debit_failed",
        {
            "kind": "自動車重量税",
            "amount": "¥ 6,600",
            "due_on": "2026年5月10日",
            "reason": "残高不足",
        },
    )
    NightRun.objects.create(
        business_date=clock.today(), started_at=clock.now(), counts={"納付期限切れ": 3}
    )

    mails.keep_codes(apps, None)
    mail.refresh_from_db()

    subject, body = outbox.read(mail)
    assert subject == "申請が無効になりました"
    assert "「検査申請無効」" in body
    assert "納付を確認できませんでした。" in body
    assert failed == {
        "kind": "weight_tax",
        "amount": 6600,
        "due_on": "2026-05-10",
        "failure": "insufficient_funds",
    }
    assert night.told(NightRun.objects.get()) == [("納付期限切れ", 3)]
