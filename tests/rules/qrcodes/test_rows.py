"""What the database itself refuses, from any writer."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from koss.ground import clock
from qrcodes.issuing import codes
from qrcodes.models import Code, Pickup, Receiver
from tests.receivers import CLERK, code_of, ready_for_receiver, registered, the_office

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def refuses(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def a_code(**fields):
    number = Code.objects.count()
    return Code(
        public_id=f"{number:020d}", lookup_key=f"{number:016d}", issued_at=clock.now(), **fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "another", "expires_on": date(2026, 6, 1)},
        {"kind": "vehicle"},
        {"kind": "registration"},
        {"kind": "password_change", "expires_on": date(2026, 6, 1), "verdict": "wrong"},
        {"kind": "authentication", "procedure": "new_vehicle"},
        {"kind": "authentication", "verdict": "wrong"},
        {"kind": "authentication", "procedure": "new_vehicle", "verdict": "right"},
        {"kind": "registration", "expires_on": date(2026, 6, 1), "used_by": CLERK},
        {"kind": "registration", "expires_on": date(2026, 6, 1), "used_at": clock.at(date.max)},
    ],
)
def test_a_code_has_what_its_kind_needs_and_no_more(fields):
    refuses(a_code(**fields))


def test_an_application_has_one_live_code_and_no_issue_number_twice():
    application = ready_for_receiver()
    first = codes.issue_for_vehicle(application, now=clock.now())
    refuses(a_code(kind="vehicle", application=application, issue_number=2))
    Code.objects.filter(pk=first.pk).update(voided_at=clock.now())
    refuses(a_code(kind="vehicle", application=application, issue_number=1))


def test_a_lookup_key_and_a_public_id_belong_to_one_code():
    code = code_of()
    for name in ("lookup_key", "public_id"):
        twin = a_code(kind="registration", expires_on=date(2026, 6, 1))
        setattr(twin, name, getattr(code, name))
        refuses(twin)


def test_papers_are_handed_over_once():
    application = ready_for_receiver()
    said = {"by": CLERK, "office": the_office(), "at": clock.now()}
    Pickup.objects.create(application=application, **said)

    refuses(Pickup(application=application, **said))


def test_nobody_is_frozen_by_nobody():
    receiver = registered()
    receiver.frozen_at = clock.now()
    refuses(receiver)
    assert not Receiver.objects.get().is_frozen
