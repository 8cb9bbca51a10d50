"""Letters to send, and a mail server under the test's control."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from koss.mail import outbox
from koss.mail.outbox import Letter
from koss.models import OutgoingMail

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FACTS = {
    "receipt_number": "21122310500030459",
    "procedure": "continued_inspection",
    "status": "awaiting_correction",
    "lapses_into": "rejected",
    "applicant": 'A&B <自動車> "商会"',
    "plate": "品川 - 580 - さ - 1234",
    "chassis_number": "AX01-0000001",
    "amount": 1600,
    "deadline": "2026-04-07",
    "reason": "車両番号 & 使用者名",
    "standard_reason": "",
    "paper": "safety_certificate",
    "hints": ["AX01-000000●"],
}
# Of applications: tests/apply/test_small_helps.py reads the mail about a draft.
TEMPLATES = sorted(
    path.stem
    for path in Path(portal.BASE_DIR, "templates", "mail").glob("*.txt")
    if path.stem != "draft_begun"
)


def letter(number=1, *, template="ready", to="keiji@gyosei.example", facts=FACTS):
    return Letter(f"{template}:{number}", template, to, FACTS["receipt_number"], facts)


def put(*letters, now=NOW):
    """Queue in a transaction of its own, as a move does."""
    with transaction.atomic():
        outbox.put(list(letters), now=now)


def states():
    return dict(OutgoingMail.objects.order_by("pk").values_list("key", "state"))


class Postman(EmailBackend):
    """A mail server under the test's control: ``answer`` is called with each mail."""

    answer = staticmethod(lambda message: None)

    def send_messages(self, messages):
        for message in messages:
            Postman.answer(message)
        return super().send_messages(messages)


@pytest.fixture
def postman(settings, monkeypatch):
    """Give it a function, and it answers in place of the mail server."""
    settings.EMAIL_BACKEND = f"{__name__}.Postman"

    def answer_with(function):
        monkeypatch.setattr(Postman, "answer", staticmethod(function))

    return answer_with


def refuse(error):
    def answer(message):
        raise error

    return answer


@pytest.fixture
def time_machine_at(time_machine):
    time_machine.move_to(NOW, tick=False)
