"""What mails say to machines, and what the answers of a mail server mean."""

import smtplib

import pytest

from koss.mail import outbox
from koss.models import MailState, OutgoingMail
from tests.rules.post import MINUTE, NOW, letter, put, states

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


class Server:
    """Stands in for smtplib.SMTP. ``answers``: what sending to an address raises."""

    connections = 0
    taken: list
    answers: dict

    def __init__(self, host, port, **options):
        Server.connections += 1

    def sendmail(self, sender, recipients, message):
        if error := Server.answers.get(recipients[0]):
            raise error
        Server.taken.append(recipients[0])

    def quit(self):
        raise smtplib.SMTPServerDisconnected("gone before the goodbye")

    def close(self):
        pass


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(smtplib, "SMTP", Server)
    Server.connections, Server.taken, Server.answers = 0, [], {}
    return Server


def test_no_machine_is_to_answer_and_the_language_is_named(mailoutbox):
    put(letter())
    outbox.send_due(now=NOW)

    headers = mailoutbox[0].message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["Content-Language"] == "ja"


def test_a_round_takes_one_connection(server):
    put(*(letter(number) for number in range(20)))

    assert outbox.send_due(now=NOW) == (20, 0)

    assert (server.connections, len(server.taken)) == (1, 20)


def test_after_a_failure_the_next_mail_takes_a_new_connection(server):
    server.answers = {"bad@gyosei.example": smtplib.SMTPServerDisconnected("cut")}
    put(letter(1, to="bad@gyosei.example"), letter(2), letter(3))

    assert outbox.send_due(now=NOW) == (2, 1)

    assert server.connections == 2


NOBODY = {"keiji@gyosei.example": (550, b"no such user")}
FULL = {"keiji@gyosei.example": (452, b"mailbox full")}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused(NOBODY), MailState.DEAD),
        (smtplib.SMTPRecipientsRefused(FULL), MailState.QUEUED),
        (smtplib.SMTPDataError(554, b"refused text"), MailState.DEAD),
        (smtplib.SMTPDataError(451, b"later"), MailState.QUEUED),
        # The operator can put these right, and then the mail goes out.
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), MailState.QUEUED),
        (smtplib.SMTPSenderRefused(550, b"not you", "no-reply@koss.example"), MailState.QUEUED),
    ],
)
def test_a_permanent_answer_is_permanent(server, error, state):
    server.answers = {"keiji@gyosei.example": error}
    put(letter())

    assert outbox.send_due(now=NOW) == (0, 1)

    assert list(states().values()) == [state]
    assert OutgoingMail.objects.get().tries == 1
    assert outbox.send_due(now=NOW + MINUTE) == (0, int(state == MailState.QUEUED))


def test_an_address_that_cannot_be_written_is_tried_once(server):
    put(letter())
    OutgoingMail.objects.update(to="taro@" + "x" * 70 + "\u202c.example")

    assert outbox.send_due(now=NOW) == (0, 1)

    assert list(states().values()) == [MailState.DEAD]
