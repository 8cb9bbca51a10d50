"""In another language nothing changes that is stored; a mail has its own.

That every screen is said in the reader's language, tests/edges/test_every_page.py sees.
"""

import pytest
from django.core import mail as django_mail
from django.test import override_settings

from applications.models import Application, HistoryEntry, Notice
from koss.demo import morning, world
from koss.ground import clock
from koss.mail import outbox
from koss.models import MailState, NightRun, OutgoingMail
from payments.models import PaymentUser
from tests import pseudo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def test_nothing_that_happens_is_stored_in_words():
    """The demo world goes through every move, payment, hand-over and mail; then comes a night."""
    with override_settings(DEMO=True), pseudo.spoken():
        world.load(now=clock.now())
        run = morning.go_on_from(morning.day_that_ends(clock.now()))
        what = morning.what_changed(run)

        assert pseudo.translated_and_stored() == []
        assert all(title.startswith(pseudo.OPEN) for title, _count in what.steps)
        standard = HistoryEntry.objects.exclude(standard_reason="")
        assert {entry.reason_in_words[0] for entry in standard} == {pseudo.OPEN}
        assert {notice.reason for notice in Notice.objects.exclude(standard_reason="")} == {""}
    assert NightRun.objects.get().counts


def test_a_mail_speaks_its_recipients_language_and_not_the_senders(an_application):
    an_application("検査申請審査中", email="a@gyosei.example")
    with pseudo.spoken():
        [mail] = OutgoingMail.objects.filter(to="a@gyosei.example", template="payment_due")
        assert pseudo.OPEN not in "".join(outbox.read(mail))

        OutgoingMail.objects.filter(pk=mail.pk).update(language=pseudo.CODE)
        outbox.send_due(now=clock.now())

    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    [sent] = [each for each in django_mail.outbox if each.subject.startswith(pseudo.OPEN)]
    assert sent.message()["Content-Language"] == pseudo.CODE
    assert Application.objects.get().language == PaymentUser().language == "ja"


@pytest.mark.parametrize(
    ("page", "found"),
    [("<p>⸨状況⸩ 手続</p>", ["手続"]), ("<p>⸨⸨受付⸩の申請⸩</p>", [])],
)
def test_a_word_that_is_not_translated_is_found(page, found):
    assert pseudo.untranslated(page) == found
