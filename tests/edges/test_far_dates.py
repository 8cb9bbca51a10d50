"""A date outside of 2000 to 2199 is refused where it comes in, and shown where it is stored."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from koss.ground import clock
from koss.models import News
from payments.banks import signing
from payments.demo import payers
from payments.models import SettlementNotice
from tests.signing_in import signs_in_to_pay
from tests.staff import signed_in, text_of
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

NOTICES = "/payment/bank/notices/"
FAR = ["9999-12-31", "0001-01-01", "2200-01-01", "1999-12-31"]
BOUNDS = "2000年から2199年までの日付を入力してください。"


def tells(client, settings, settled_at):
    """The status with which a signed notice is answered."""
    content = {
        "settlement_id": "S-1",
        "agency_number": "12345",
        "payment_number": "1" * 20,
        "amount": 1,
        "settled_at": settled_at,
        "way": "link",
        "bank": "0101",
        "reference": "",
    }
    body, purpose = json.dumps(content).encode(), f"bank-to-portal:{NOTICES}"
    signature = signing.sign(settings.KOSS_BANK_SECRET, purpose, body, now=clock.system_now())
    headers = {signing.HEADER: signature}
    return client.post(NOTICES, body, "application/json", headers=headers).status_code


@pytest.mark.parametrize(
    "moment",
    [
        *("9999-12-31T23:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
        *("2199-12-31T15:00:00Z", "1999-12-31T14:59:59Z", "2026-01-01T00:00:00"),
    ],
)
def test_a_notice_of_a_far_day_is_malformed(client, settings, moment):
    assert tells(client, settings, moment) == 400
    assert not SettlementNotice.objects.exists()


def test_a_notice_of_the_last_day_is_kept_and_shown(client, settings):
    assert tells(client, settings, "2199-12-31T14:00:00Z") == 200

    page = text_of(signed_in("operator").get("/admin/payments/settlementnotice/"))

    assert "S-1" in page


def test_what_was_stored_before_there_were_bounds_is_shown():
    far = datetime(9999, 12, 31, 23, tzinfo=UTC)
    notice = SettlementNotice.objects.create(
        settlement_id="S-1", agency_number="1", payment_number="1", amount=1, settled_at=far,
        received_at=clock.now(), way="link", bank="0101", found_by="notice",
        verdict="unknown_number",
    )  # fmt: skip
    News.objects.create(title="題", body="文", published_at=far)
    client = signed_in("operator")

    for path in (
        "/admin/payments/settlementnotice/",
        f"/admin/payments/settlementnotice/{notice.pk}/change/",
        "/admin/koss/news/",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert "2199年" in text_of(response)


@pytest.mark.parametrize("day", FAR)
def test_days_that_staff_type(day):
    client = signed_in("operator")
    fields = {"title": "題", "body": "文", "published_at": f"{day}T00:00"}

    assert BOUNDS in text_of(client.post("/admin/koss/news/add/", fields))
    assert News.objects.count() == 0
    assert client.get("/admin/payments/settlementnotice/", {"day": day}).status_code == 200
    for path in ("/admin/payments/cash/", "/admin/payments/cash/csv/"):
        assert client.get(path, {"day": day}).status_code in {200, 404}


@pytest.mark.usefixtures("bank")
def test_days_that_payers_type():
    payers.make(clock.now())
    visitor = Visitor()
    path = signs_in_to_pay(visitor).removesuffix("menu/")
    for day in FAR:
        for page in ("targets", "batches", "direct"):
            visitor.client.get(f"{path}{page}/")
            response = visitor.client.post(f"{path}{page}/", {"due_from": day})
            assert response.status_code == 200, page
            assert BOUNDS in text_of(response)


@pytest.mark.parametrize("day", FAR)
def test_nights(day):
    with pytest.raises(CommandError, match="日付として読み取れません"):
        call_command("night", day)
