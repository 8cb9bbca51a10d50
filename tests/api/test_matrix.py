"""Who may do what: every operation × every scope × one's own and another's."""

import pytest

from applications.models import Channel
from koss.api.versions import V1
from koss.bulk import sets
from koss.ground import clock
from payments.demo import payers
from payments.models import PaymentInformation, Scope
from tests.api.callers import Caller, owner, stranger
from tests.api.hooks import a_webhook
from tests.api.rows import row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "practice")]

R, S, P, W, D = Scope.READ, Scope.SUBMIT, Scope.PAY, Scope.WEBHOOKS, Scope.SANDBOX
HOOK = {"name": "x", "url": "https://hooks.koss.example/other"}
SET = {"applications": [row("M-1")]}
REJECT = {"move": "reject", "reason": "x"}
HAPPENINGS = "sandbox/happenings?since=2020-01-01T00:00:00Z"
# (method, name of the address) → scope, path, body, and how one's own and another's, who has the
# scope, are answered: a status, or ``LISTS`` where only one's own is told.
LISTS = "only one's own"
OPERATIONS = {
    ("GET", "key"): (R, "key", None, 200, 200),
    ("GET", "applications"): (R, "applications", None, LISTS, LISTS),
    ("GET", "application"): (R, "applications/{number}", None, 200, 404),
    ("GET", "events"): (R, "events", None, LISTS, LISTS),
    ("GET", "submissions"): (R, "submissions", None, LISTS, LISTS),
    ("GET", "submission"): (R, "submissions/{set}", None, 200, 404),
    ("GET", "items"): (R, "submissions/{set}/items", None, 200, 404),
    ("GET", "report"): (R, "submissions/{set}/report", None, 200, 404),
    ("GET", "payment_number"): (R, "payment-numbers/{reference}", None, 200, 404),
    ("POST", "check"): (S, "applications/check", SET, 200, 200),
    ("POST", "applications"): (S, "applications", SET, 202, 202),
    ("POST", "attachments"): (S, "attachments", b"", 422, 422),
    ("POST", "withdraw"): (S, "applications/{number}/withdraw", None, 200, 404),
    ("POST", "payment_numbers"): (P, "payment-numbers", {"receipt_numbers": []}, 202, 409),
    ("GET", "webhooks"): (W, "webhooks", None, LISTS, LISTS),
    ("POST", "webhooks"): (W, "webhooks", HOOK, 201, 201),
    ("GET", "webhook"): (W, "webhooks/{hook}", None, 200, 404),
    ("DELETE", "webhook"): (W, "webhooks/{hook}", None, 204, 404),
    # What drives the demo plays its staff and its bank: for every application.
    ("GET", "sandbox_clock"): (D, "sandbox/clock", None, 200, 200),
    ("POST", "sandbox_clock"): (D, "sandbox/clock", {"to": "2020-01-01T00:00:00Z"}, 200, 200),
    ("POST", "sandbox_nights"): (D, "sandbox/nights", {"business_date": "2020-01-01"}, 409, 409),
    ("POST", "sandbox_rounds"): (D, "sandbox/rounds", None, 200, 200),
    ("GET", "sandbox_values"): (D, "sandbox/values", None, 200, 200),
    ("POST", "sandbox_world"): (D, "sandbox/world", {"confirm": "begin_anew"}, 409, 409),
    ("GET", "sandbox_moves"): (D, "sandbox/applications/{number}/moves", None, 200, 200),
    ("POST", "sandbox_moves"): (D, "sandbox/applications/{number}/moves", REJECT, 409, 409),
    ("POST", "sandbox_pay"): (D, "sandbox/payment-numbers/{paid}/pay", {}, 200, 200),
    ("GET", "sandbox_happenings"): (D, HAPPENINGS, None, 200, 200),
}


def operations():
    """Every (method, name) that the interface has."""
    for router in V1.api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, operation.url_name


def test_every_operation_stands_in_the_table():
    assert set(operations()) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_who_may(an_application, operation):
    scope, path, body, own, others = OPERATIONS[operation]
    fields = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
    application = an_application("検査手数料等まとめ払い中", **fields)
    number = application.receipt_number
    numbered = an_application("検査手数料等まとめ払い中", numbered=True, **fields)
    reference = PaymentInformation.objects.filter(lines__charge__application=numbered).first()
    owner()  # has a 一括利用者ID from now on
    user = payers.payment_user()
    submission = sets.receive(user, [row("M-0")], now=clock.now())
    webhook, _secret = a_webhook(user)
    names = {
        "number": number,
        "set": submission.number,
        "reference": reference.reference,
        "hook": webhook.reference,
        "paid": reference.payment_number,
    }
    if operation == ("POST", "payment_numbers"):
        body = {"receipt_numbers": [number]}

    def ask(caller):
        headers = {"Idempotency-Key": "m"} if operation[0] == "POST" else {}
        return caller.send(operation[0].lower(), path.format(**names), body, **headers)

    assert ask(Caller()).status_code == 401
    for wrong in set(Scope) - {scope}:
        refused = ask(owner(wrong))
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    theirs, mine = ask(stranger(scope)), ask(owner(scope))
    if own is LISTS:
        assert theirs.json()["items"] == []
        told = (number, submission.number, webhook.reference)
        assert any(each in mine.text for each in told)
    else:
        assert (theirs.status_code, mine.status_code) == (others, own), mine.text
        assert scope == D or theirs.status_code != 200 or number not in theirs.text


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each[1][:8] == "sandbox_"])
def test_outside_the_demo_there_is_no_sandbox(operation, settings):
    settings.DEMO = False
    _scope, path, body, *_answers = OPERATIONS[operation]
    path = path.format(number="0" * 17, paid="0" * 20)

    for caller in (Caller(), owner(Scope.SANDBOX)):
        answer = caller.send(operation[0].lower(), path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
