"""Taking an application in, turning it away, and carrying fees over."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, connection

from applications.intake import entry
from applications.intake.entry import NotCarriedOver
from applications.life import moves
from applications.models import Application, Attachment, Office
from applications.status import Procedure, Status
from koss.ground import clock, numbers
from koss.models import OutgoingMail
from tests.world import make

pytestmark = pytest.mark.databases

CONTINUED, NEW = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE
TODAY = date(2026, 3, 10)
NOW = clock.at(TODAY, hour=12)


def fields(**others):
    return {
        "procedure": CONTINUED,
        "channel": "screen",
        "office": Office.objects.get(name="東京主管事務所"),
        "applicant_name": "軽自行政書士事務所",
        "user_name": "軽自 太郎",
        "chassis_number": "AX01-0000001",
        "plate": "品川 - 580 - さ - 1234",
        "weight_class": "normal",
        "receiving_method": "vehicle_code",
        "email": "keiji@gyosei.example",
    } | others


def take_in(*, now=NOW, password="shinsei-2024", **others):
    return entry.take_in(now=now, password=password, **fields(**others))


def papers(application):
    return {paper.kind: paper.state for paper in application.attachments.all()}


@pytest.mark.django_db
def test_an_application_begins_with_its_number_its_record_and_its_mail():
    application = take_in()

    assert application.status == Status.RECEIVED
    assert numbers.read_receipt_number(application.receipt_number).startswith("260310")
    [entry] = application.history.all()
    assert (entry.version, entry.move, entry.from_status, entry.to_status) == (
        1,
        "take_in",
        "",
        "received",
    )
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.to) == ("accepted", "keiji@gyosei.example")
    assert mail.receipt_number == application.receipt_number


@pytest.mark.django_db
def test_the_date_of_arrival_is_the_date_in_japan():
    just_after_midnight = datetime(2026, 3, 10, 15, 0, 1, tzinfo=UTC)

    application = take_in(now=just_after_midnight)

    assert application.applied_on == date(2026, 3, 11)
    assert application.receipt_number.startswith("260311")


@pytest.mark.django_db
def test_each_address_gets_one_mail():
    take_in(email="same@gyosei.example", status_email="same@gyosei.example")
    take_in(email="one@gyosei.example", status_email="two@gyosei.example")
    take_in(email="", status_email="")

    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "one@gyosei.example",
        "same@gyosei.example",
        "two@gyosei.example",
    ]


@pytest.mark.django_db
def test_the_password_is_kept_as_a_hash_whatever_it_looks_like():
    """Also one that begins like the name of an algorithm."""
    for password in ("shinsei-2024", "argon2-rocks", "argon2$argon2id$v=19$m=1"):
        kept = take_in(password=password).password
        assert len(kept) > 80
        assert check_password(password, kept)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("procedure", "kinds"),
    [
        (CONTINUED, ["liability_insurance", "safety_certificate"]),
        (NEW, ["completion_certificate", "liability_insurance", "plate_reservation"]),
    ],
)
def test_each_procedure_has_its_papers(procedure, kinds):
    assert papers(take_in(procedure=procedure)) == dict.fromkeys(kinds, "missing")


@pytest.mark.django_db
def test_a_paper_may_not_be_needed():
    application = take_in(procedure=NEW, not_needed=("plate_reservation",))

    assert papers(application) == {
        "completion_certificate": "missing",
        "liability_insurance": "missing",
        "plate_reservation": "not_needed",
    }


@pytest.mark.django_db
def test_a_number_that_is_taken_is_not_given_twice(monkeypatch):
    first = take_in()
    fresh = numbers.make_receipt_number(TODAY)
    offered = iter([first.receipt_number, first.receipt_number, fresh])
    monkeypatch.setattr(numbers, "make_receipt_number", lambda on: next(offered))

    second = take_in()

    assert second.receipt_number == fresh
    assert second.pk != first.pk
    assert (second.version, second.history.count()) == (1, 1)
    assert Application.objects.count() == 2


@pytest.mark.django_db
def test_a_number_that_was_asked_for_is_given_or_refused():
    assert take_in(receipt_number="21122310500030459").receipt_number == "21122310500030459"
    with pytest.raises(IntegrityError):
        take_in(receipt_number="21122310500030459")

    assert Application.objects.count() == 1


@pytest.mark.django_db
def test_a_faulty_application_ends_at_once_and_says_why():
    application = take_in(faults="署名用電子証明書が失効しています。")

    assert application.status == Status.NOT_ACCEPTED
    notice = application.notices.get()
    assert (notice.kind, notice.reason) == ("not_accepted", "署名用電子証明書が失効しています。")
    assert OutgoingMail.objects.get().template == "not_accepted"
    assert moves.open_moves(application, actor="reviewer", now=NOW) == []


def withdrawn(**others):
    """Withdrawn while a correction was awaited: its fees are paid."""
    return make(
        Status.WITHDRAWN, CONTINUED, now=NOW, through=[Status.AWAITING_CORRECTION], **others
    )


@pytest.mark.django_db
def test_fees_carry_over_to_an_application_for_the_same_vehicle():
    earlier = withdrawn()
    withdrawn()  # another one of the same vehicle lends nothing

    assert take_in(earlier=earlier).earlier == earlier


@pytest.mark.django_db
def test_fees_carry_over_once():
    earlier = withdrawn()
    take_in(earlier=earlier)

    with pytest.raises(NotCarriedOver):
        take_in(earlier=earlier)

    assert Application.objects.filter(earlier=earlier).count() == 1


@pytest.mark.django_db
def test_what_was_carried_over_is_not_carried_on():
    again = make(
        Status.WITHDRAWN,
        now=NOW,
        earlier=withdrawn(),
        through=[Status.AWAITING_CORRECTION],
    )
    assert not again.charges.filter(amount__gt=0).exists()

    with pytest.raises(NotCarriedOver):
        take_in(earlier=again)


@pytest.mark.django_db
def test_an_application_that_is_turned_away_uses_nothing_up():
    earlier = withdrawn()
    take_in(earlier=earlier, faults="署名がありません。")

    assert take_in(earlier=earlier).earlier == earlier


@pytest.mark.django_db
@pytest.mark.parametrize("status", [status for status in Status if status != Status.WITHDRAWN])
def test_only_a_withdrawn_application_lends_its_fees(status):
    """Paid or not: 検査申請無効 through a batch withdrawal carries nothing over either."""
    procedure = CONTINUED if status.occurs_in(CONTINUED) else NEW
    earlier = make(status, procedure, now=NOW)
    earlier.charges.unpaid().update(number_taken_at=NOW, paid_at=NOW)

    with pytest.raises(NotCarriedOver):
        take_in(earlier=earlier, procedure=procedure, chassis_number=earlier.chassis_number)


@pytest.mark.django_db
@pytest.mark.parametrize("difference", [{"procedure": NEW}, {"chassis_number": "AX01-0000002"}])
def test_fees_stay_with_their_vehicle_and_procedure(difference):
    with pytest.raises(NotCarriedOver):
        take_in(earlier=withdrawn(), **difference)


@pytest.mark.django_db
def test_fees_that_were_never_paid_carry_nothing_over():
    unpaid = make(Status.WITHDRAWN, CONTINUED, now=NOW, through=[Status.FEES_IN_BATCH])
    assert unpaid.charges.fees().unpaid().exists()

    with pytest.raises(NotCarriedOver):
        take_in(earlier=unpaid)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_applications_at_once_one_carries_the_fees_over():
    earlier = withdrawn()
    together, results = threading.Barrier(8), []

    def apply():
        try:
            together.wait()
            results.append(take_in(earlier=earlier).receipt_number)
        except NotCarriedOver:
            results.append("refused")
        finally:
            connection.close()

    clients = [threading.Thread(target=apply) for _ in range(8)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    assert results.count("refused") == 7
    assert Application.objects.filter(earlier=earlier).count() == 1
    assert Attachment.objects.filter(application__earlier=earlier).count() == 2
