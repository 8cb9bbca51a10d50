"""The magic values by the interface: 未受付, the list of them, and rounds that nobody waits for."""

import pytest

from applications.models import Application
from applications.models.reasons import in_words
from applications.practice import values
from applications.status import Status
from koss.bulk import sets
from payments.demo import payers
from payments.models import Scope
from tests.api.callers import owner
from tests.api.rows import row, sign
from tests.api.test_sets import send, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice", "bank")]
TURNED_AWAY = {
    "TX300-": {"chassis_number": "TX300-0000012"},
    "未受付　太郎": {"applicant_name": "未受付 太郎"},
    "miuketsuke-2024": {"password": "miuketsuke-2024"},
}


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def test_each_is_tried_here_but_for_the_certificates():
    assert set(TURNED_AWAY) == {
        each.typed for each in values.TABLE if each.refusal and each.kind != "certificate"
    }


@pytest.mark.parametrize("typed", TURNED_AWAY)
def test_a_good_signature_ends_as_not_accepted(typed):
    caller = owner()
    [value] = [each for each in values.TABLE if each.typed == typed]
    rows = sign(caller, [row("V-1", **TURNED_AWAY[typed]), row("V-2")])

    checked = caller.post("applications/check", {"applications": rows}).json()["applications"]
    submission = work(send(caller, rows))

    assert [[fault["code"] for fault in each["errors"]] for each in checked] == [
        [value.refusal],
        [],
    ]
    counted = sets.counts(submission)
    assert (counted["not_accepted"], counted["taken_in"]) == (1, 1)
    told = caller.get(f"submissions/{submission.number}/report").json()["items"]
    assert str(in_words(value.refusal)) in told[0]["reason"]
    application = Application.objects.get(status=Status.NOT_ACCEPTED)
    assert application.signatures.get().refusal == value.refusal


def test_the_list_says_where_each_acts_and_what_it_reaches():
    told = owner(Scope.SANDBOX).get("sandbox/values").json()["items"]

    assert [each["value"] for each in told] == [each.typed for each in values.TABLE]
    by_value = {each["value"]: each for each in told}
    fees = by_value["TX100-"]["reaches"]
    assert [(each["status"]["code"], each["payment_methods"]) for each in fees] == [
        ("fees_due", ["individual"]),
        ("fees_in_batch", ["batch", "direct"]),
    ]
    assert [each["procedures"] for each in by_value["TX550-"]["reaches"]] == [
        ["continued_inspection"],
        ["new_vehicle"],
    ]
    assert {each["until"] for each in by_value["TX540-"]["reaches"]} == {"2026-03-31"}
    assert {each["until"] for each in by_value["TX550-"]["reaches"]} == {None}
    assert [each["code"] for each in by_value["TX402-"]["where"]] == ["staff", "agency"]
    assert by_value["revoked.p12"]["kind"]["label"] == "電子証明書"


def test_a_round_is_done_at_once(an_application):
    payers.payment_user()
    an_application("検査申請受付中", chassis_number="TX100-0000012")
    caller = owner(Scope.SANDBOX)

    told = [caller.post("sandbox/rounds").json() for _again in range(2)]

    assert told == [{"found": {}}, {"found": {}}]
    assert Application.objects.get(chassis_number="TX100-0000012").status == Status.FEES_DUE
