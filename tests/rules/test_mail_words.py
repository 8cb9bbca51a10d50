"""What the mails say."""

import pytest

from applications.life.table import TABLE
from applications.models.reasons import STANDARD_REASONS
from koss.mail import outbox
from tests.rules.post import FACTS, TEMPLATES

# What the facts become in a mail.
SAID = FACTS | {"status": "検査申請補正待ち", "deadline": "2026年4月7日", "amount": "¥ 1,600"}


def test_every_mail_of_the_table_has_its_template_and_no_template_is_left_over():
    others = {"deadline_near", "deadline_passed", "paper_missing"}

    assert set(TEMPLATES) == {move.mail for move in TABLE if move.mail} | others


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_says_what_it_is_about_and_where_to_look(template, settings):
    settings.KOSS_ORIGIN = "https://portal.example/"
    settings.KOSS_PORTAL_NAME = "試験ポータル"
    settings.KOSS_CONTACT_PHONE = "03-0000-0000"
    settings.KOSS_CONTACT_EMAIL = "toiawase@portal.example"

    subject, body = outbox.render(template, FACTS)

    assert subject
    assert "\n" not in subject
    assert "品川 - 580 - さ - 1234" in subject
    assert FACTS["applicant"] in body  # nothing was escaped
    assert "車両番号 品川 - 580 - さ - 1234\n車台番号 AX01-0000001\n" in body
    assert "2112 2310 5000 30459" in body
    assert "https://portal.example/" in body
    assert "https://portal.example//" not in body
    assert "試験ポータル" in body
    assert "03-0000-0000" in body
    assert "toiawase@portal.example" in body
    assert "送信専用" in body
    assert "{" not in body
    assert "\n\n\n" not in body


@pytest.mark.parametrize(
    ("template", "facts"),
    [
        ("payment_due", ["status", "deadline", "amount"]),
        ("correction_ordered", ["status", "deadline", "reason"]),
        ("deadline_near", ["status", "deadline", "amount"]),
        ("deadline_passed", ["status", "deadline", "amount"]),
        ("not_accepted", ["status", "reason"]),
        ("invalid", ["status", "reason"]),
        ("rejected", ["status", "reason"]),
        ("ready", ["status"]),
    ],
)
def test_a_mail_names_what_its_reader_must_know(template, facts):
    _subject, body = outbox.render(template, FACTS)

    assert [fact for fact in facts if SAID[fact] not in body] == []


def test_without_a_reason_no_mail_speaks_of_one():
    assert "理由" in outbox.render("rejected", FACTS)[1]
    assert "理由" not in outbox.render("rejected", FACTS | {"reason": ""})[1]


@pytest.mark.parametrize(
    ("template", "code", "said"),
    [
        ("invalid", "fees_lapsed", "納付を確認できませんでした。"),
        ("not_accepted", "expired", "電子証明書の有効期限が切れています。"),
    ],
)
def test_a_standard_reason_is_said_in_a_sentence(template, code, said):
    facts = FACTS | {"reason": "", "standard_reason": code}

    assert said in outbox.render(template, facts)[1]


def test_no_two_standard_reasons_share_a_code():
    assert len(dict(STANDARD_REASONS)) == len(STANDARD_REASONS)


def test_fifty_mails_of_one_office_differ_in_their_subjects():
    facts = [FACTS | {"plate": f"品川 - 580 - さ - {number}"} for number in range(1, 51)]

    assert len({outbox.render("ready", each)[0] for each in facts}) == 50


def test_a_new_vehicle_is_named_by_its_chassis_number():
    subject, body = outbox.render("ready", FACTS | {"plate": ""})

    assert subject == "交付物を受け取れます（AX01-0000001）"
    assert "車両番号" not in body


@pytest.mark.parametrize(
    ("status", "lapses_into", "threat"),
    [
        ("fees_due", "invalid", "検査申請無効"),
        ("awaiting_correction", "rejected", "検査申請却下"),
        ("weight_tax_due", "", ""),
        ("vehicle_tax_in_batch", "", ""),
        ("awaiting_tax_correction", "", ""),
    ],
)
def test_a_reminder_threatens_only_with_what_the_night_does(status, lapses_into, threat):
    facts = FACTS | {"status": status, "lapses_into": lapses_into}
    _subject, body = outbox.render("deadline_near", facts)

    assert ("無効" in body, "却下" in body) == ("無効" in threat, "却下" in threat)
    assert threat in body


def test_facts_cannot_add_a_header_nor_a_template_tag():
    nasty = FACTS | {"applicant": "x\r\nBcc: all@world.example", "reason": "{{ origin }}"}

    subject, body = outbox.render("rejected", nasty)

    assert "Bcc" not in subject
    assert "{{ origin }}" in body
