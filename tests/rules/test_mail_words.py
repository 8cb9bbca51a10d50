"""What the mails say."""

import pytest

from applications.table import TABLE
from koss import outbox
from tests.rules.post import FACTS, TEMPLATES


def test_every_mail_of_the_table_has_its_template_and_no_template_is_left_over():
    reminders = {"deadline_near", "deadline_passed"}

    assert set(TEMPLATES) == {move.mail for move in TABLE if move.mail} | reminders


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_says_what_it_is_about_and_where_to_look(template, settings):
    settings.KOSS_ORIGIN = "https://portal.example/"
    settings.KOSS_PORTAL_NAME = "試験ポータル"
    settings.KOSS_CONTACT_PHONE = "03-0000-0000"
    settings.KOSS_CONTACT_EMAIL = "toiawase@portal.example"

    subject, body = outbox.render(template, FACTS)

    assert subject
    assert "\n" not in subject
    assert FACTS["applicant"] in body  # nothing was escaped
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
        ("payment_due", ["status", "deadline"]),
        ("correction_ordered", ["status", "deadline", "reason"]),
        ("deadline_near", ["status", "deadline"]),
        ("deadline_passed", ["status", "deadline"]),
        ("not_accepted", ["status", "reason"]),
        ("invalid", ["status", "reason"]),
        ("rejected", ["status", "reason"]),
        ("ready", ["status"]),
    ],
)
def test_a_mail_names_what_its_reader_must_know(template, facts):
    _subject, body = outbox.render(template, FACTS)

    assert [fact for fact in facts if FACTS[fact] not in body] == []


def test_without_a_reason_no_mail_speaks_of_one():
    assert "理由" in outbox.render("rejected", FACTS)[1]
    assert "理由" not in outbox.render("rejected", FACTS | {"reason": ""})[1]


def test_facts_cannot_add_a_header_nor_a_template_tag():
    nasty = FACTS | {"applicant": "x\r\nBcc: all@world.example", "reason": "{{ origin }}"}

    subject, body = outbox.render("rejected", nasty)

    assert "Bcc" not in subject
    assert "{{ origin }}" in body
