"""Sets of applications: received, worked on row by row, reported; and what happens twice."""

import random
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connections

from applications.models import (
    Application,
    Channel,
    HeldFile,
    ItemState,
    Submission,
    SubmissionItem,
    Upload,
)
from applications.status import Status
from applications.uploads import inspecting, keeping
from koss.bulk import sets
from koss.ground import clock
from payments.demo import payers
from payments.models import RememberedRequest
from payments.payer import remembering
from tests.api.callers import owner, stranger
from tests.api.rows import NEW, row, sign
from tests.races.crowd import all_at_once

pytestmark = [
    pytest.mark.databases,
    pytest.mark.django_db,
    pytest.mark.usefixtures("practice", "bank"),
]


def send(caller, rows, key="a", **headers):
    return caller.post(
        "applications", {"applications": rows}, **{"Idempotency-Key": key}, **headers
    )


def work(answer):
    """What a worker does; returns the set."""
    submission = Submission.objects.get(number=answer.json()["send_number"])
    sets.work(submission)
    return submission


def pointers(items):
    return [fault["pointer"] for item in items for fault in item["errors"]]


def test_a_set_becomes_applications_and_a_report():
    caller = owner()
    good = sign(caller, [row("A-1"), row("A-2", NEW)])
    forged = {**good[0], "reference": "A-3"}
    bad = sign(caller, [row("A-4", chassis_number="", plate="品川")])
    answer = send(caller, [*good, forged, *bad])

    assert answer.status_code == 202
    said = answer.json()
    assert (said["total"], said["counts"]["waiting"], said["finished_at"]) == (4, 4, None)
    work(answer)

    links = {name: link["href"].partition("/api/v1/")[2] for name, link in said["_links"].items()}
    done = caller.get(links["self"]).json()
    assert done["counts"] == {"waiting": 0, "taken_in": 2, "not_accepted": 1, "faulty": 1}
    assert done["finished_at"]
    items = caller.get(links["items"]).json()["items"]
    assert [each["state"]["code"] for each in items] == [
        "taken_in",
        "taken_in",
        "not_accepted",
        "faulty",
    ]
    first, second = (
        Application.objects.get(receipt_number=item["receipt_number"]) for item in items[:2]
    )
    assert (first.channel, first.bulk_id, first.payer) == (
        Channel.BULK,
        payers.BULK_ID,
        payers.PAYER,
    )
    assert (first.plate, first.chassis_number) == ("品川 - 580 - さ - 1234", "AX01-0000012")
    assert second.owner_name == second.user_name == "軽自　太郎"
    assert first.signatures.get().refusal == ""
    report = caller.get(links["report"]).json()["items"]
    assert [item["reference"] for item in report] == ["A-3", "A-4"]
    assert report[0]["reason"]
    assert pointers(report) == ["#/applications/3/plate", "#/applications/3/chassis_number"]
    for fault in report[1]["errors"]:
        assert fault["detail"] != fault["detail_en"]
    listed = caller.get(links["list"]).json()["items"]
    assert {each["receipt_number"] for each in listed} == {
        item["receipt_number"] for item in items[:3]
    }
    assert bytes(SubmissionItem.objects.get(reference="A-1").sealed) == b""
    assert stranger().get(links["self"]).status_code == 404


def test_a_check_keeps_nothing_and_says_the_same():
    caller = owner()
    rows = [
        row("B-1"),
        row("B-1"),
        row("B-2", owner_name="誰か"),
        row("B-3", office="どこか", payment_method=None, receiving="agent"),
        row("B-4", attachments=[{"kind": "safety_certificate", "digest": "0" * 64}]),
        row("B-5", signature="AAAA"),
        row("B-6", chassis_number="AO01-0000012"),
        row("B-7", chassis_number="AO01-0000012", chassis_number_confirmed=True),
        row("B-8", password="short", applicant_name="髙\u0007"),
    ]

    answer = caller.post("applications/check", {"applications": rows})

    checked = answer.json()["applications"]
    assert [each["ok"] for each in checked] == [True, False, *[False] * 5, True, False]
    of_row = [{fault["pointer"].split("/", 3)[3] for fault in each["errors"]} for each in checked]
    assert of_row == [
        set(),
        {"reference"},
        {"owner_name"},
        {
            "office",
            "payment_method",
            "recording_agent_conditions",
            "recording_agent_number",
            "recording_agent_name",
        },
        {"attachments/0/digest"},
        {"signature"},
        {"chassis_number"},
        set(),
        {"password", "applicant_name"},
    ]
    assert checked[0]["content"].startswith(
        "軽自動車OSS 申請内容\n様式：1\n一括利用者ID：KIAB1234\n整理番号：B-1\n手続種別：継続検査\n"
    )
    assert not Submission.objects.exists()
    assert not Application.objects.exists()


def test_what_is_no_set_is_refused_as_a_whole():
    caller = owner()
    for body, pointer in [
        ({"applications": []}, "#/applications"),
        ({"applications": [row("C 1")]}, "#/applications/0/reference"),
        ({"applications": [row("C-1", plaet="x")]}, "#/applications/0/plaet"),
        ({"applications": [row("C-1", plate=7)]}, "#/applications/0/plate"),
        ({"applications": [row(f"C-{n}") for n in range(sets.AT_MOST + 1)]}, "#/applications"),
    ]:
        answer = caller.post("applications", body, **{"Idempotency-Key": "c"})
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer
    for body in (b"", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"a": "\\ud800"}', b"\xff"):
        answer = caller.post("applications", body, **{"Idempotency-Key": "c"})
        assert answer.status_code in (400, 422), (body, answer.text)
    deep = b'{"applications":' + b"[" * 5000 + b"]" * 5000 + b"}"
    assert caller.post("applications", deep, **{"Idempotency-Key": "c"}).status_code == 400
    assert not Submission.objects.exists()


def test_a_key_gives_the_same_answer_and_does_nothing_twice(time_machine):
    caller = owner()
    rows = sign(caller, [row("D-1")])
    for missing in ("", "ä", "x" * 256, '"a'):
        answer = caller.post("applications", {"applications": rows}, **{"Idempotency-Key": missing})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    first, again = send(caller, rows, '"k-1"'), send(caller, rows, "k-1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotency-Replayed"] == "true"
    other = send(caller, [*rows, *rows], "k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    # Of another key of the same user it is another request.
    assert send(owner(), rows, "k-1").json() != first.json()
    time_machine.move_to(clock.system_now() + timedelta(hours=24, seconds=1))
    assert send(caller, rows, "k-1").json() != first.json()
    assert Submission.objects.count() == 3
    for submission in Submission.objects.order_by("pk"):
        sets.work(submission)
    assert Application.objects.count() == 1
    faulty = SubmissionItem.objects.filter(state=ItemState.FAULTY)
    assert {item.faults[0]["code"] for item in faulty} == {"duplicate_reference"}


def test_a_refusal_is_remembered_too(an_application):
    caller = owner()
    application = an_application("検査申請審査中", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    path = f"applications/{application.receipt_number}/withdraw"

    first = caller.post(path, **{"Idempotency-Key": "w"})
    again = caller.post(path, **{"Idempotency-Key": "w"})

    assert (first.status_code, first.json()["code"]) == (409, "conflict")
    assert (again.status_code, again.json()) == (409, first.json())
    assert again["Content-Type"] == "application/problem+json"


def test_files_are_named_by_digest(monkeypatch):
    looked = inspecting.Inspected("application/pdf", b"%PDF-1.7 x", b"preview")
    monkeypatch.setattr(inspecting, "inspect", lambda file: looked)
    caller = owner()

    def hand_in(name):
        return caller.post(f"attachments?name={name}", b"%PDF-", content_type="application/pdf")

    first, again = hand_in("証明書.pdf"), hand_in("証明書.pdf")
    assert (first.status_code, first.json()) == (201, again.json())
    digest = first.json()["digest"]
    named = [{"kind": "safety_certificate", "digest": digest}]
    rows = sign(caller, [row("E-1", attachments=named), row("E-2", attachments=named)])
    submission = work(send(caller, rows))

    assert sets.counts(submission)[ItemState.TAKEN_IN] == 2
    uploads = Upload.objects.all()
    assert {upload.digest for upload in uploads} == {digest}
    assert len({upload.key for upload in uploads}) == 2
    assert all(keeping.is_intact(upload) for upload in uploads)
    assert rows_of_others(digest) == "unknown_file"
    later = clock.now() + timedelta(days=8)
    assert list(keeping.forget_held(clock.day(later), now=later, chunk=10)) == [1]
    assert not HeldFile.objects.exists()
    assert all(keeping.is_intact(upload) for upload in uploads)


def rows_of_others(digest):
    named = [{"kind": "safety_certificate", "digest": digest}]
    answer = stranger().post("applications/check", {"applications": [row("X", attachments=named)]})
    return answer.json()["applications"][0]["errors"][0]["code"]


def test_a_file_is_refused_with_its_reason():
    caller = owner()
    answer = caller.post("attachments", b"%PDF- nothing", content_type="application/pdf")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "file_broken"
    answer = caller.post("attachments", b"GIF89a", content_type="application/pdf")
    assert answer.json()["errors"][0]["code"] == "file_type"


def test_withdrawing_and_paying(an_application):
    caller = owner()
    fields = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
    unpaid = an_application("検査手数料等まとめ払い中", **fields)
    to_pay = an_application("検査手数料等まとめ払い中", **fields)
    path = f"applications/{unpaid.receipt_number}/withdraw"
    withdrawn = caller.post(path, **{"Idempotency-Key": "1"})
    assert withdrawn.json()["status"]["code"] == "withdrawing"
    unpaid.refresh_from_db()
    assert (unpaid.status, unpaid.history.latest("version").by) == (
        Status.WITHDRAWING,
        payers.BULK_ID,
    )

    def take(*numbers, key):
        body = {"receipt_numbers": list(numbers)}
        return caller.post("payment-numbers", body, **{"Idempotency-Key": key})

    refused = take(to_pay.receipt_number, unpaid.receipt_number, key="2")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["pointer"] == "#/receipt_numbers/1"
    taken = take(to_pay.receipt_number, key="3")
    assert taken.status_code == 202
    [number] = taken.json()["items"]
    assert (number["amount"], number["payment_number"]) == (1600, "")
    assert take(to_pay.receipt_number, key="3").json() == taken.json()
    own = caller.get(f"payment-numbers/{number['reference']}")
    assert own.json()["reference"] == number["reference"]
    assert stranger().get(f"payment-numbers/{number['reference']}").status_code == 404
    assert take(to_pay.receipt_number, key="4").status_code == 409


class Killed(BaseException):
    """The worker's process ends."""


def some_rows(caller, count, bad):
    """``count`` signed rows, of which ``bad`` are wrong in some way; which ones."""
    chosen = random.Random(7)
    rows = sign(caller, [row(f"R-{place}") for place in range(count)])
    wrong = sorted(chosen.sample(range(count), bad))
    for place in wrong:
        rows[place] = {**rows[place], **chosen.choice([{"plate": ""}, {"email": "nobody"}])}
    return rows, [f"R-{place}" for place in range(count) if place not in wrong]


def dies(name, after):
    """What stands for ``name``, and ends the process when it has worked ``after`` times more."""
    real, left = getattr(sets.sending, name), iter(range(after))

    def dying(*given, **named):
        made = real(*given, **named)
        if next(left, None) is None:
            raise Killed
        return made

    return dying


@pytest.mark.fault
def test_a_worker_that_is_killed_anywhere_loses_and_doubles_nothing():
    caller = owner()
    rows, good = some_rows(caller, 24, 4)
    submission = Submission.objects.get(number=send(caller, rows).json()["send_number"])
    chosen = random.Random(11)
    for _ in range(12):
        name = chosen.choice(("take_in", "judge"))
        dying = mock.patch.object(sets.sending, name, dies(name, chosen.randrange(4)))
        with dying, pytest.raises(Killed):
            sets.work(submission)
    # The client hears nothing, and sends all of it again under another key.
    again = Submission.objects.get(number=send(caller, rows, "b").json()["send_number"])
    sets.work(submission)
    sets.work(again)

    exactly(good)
    submission.refresh_from_db()
    assert submission.finished_at
    assert sets.counts(submission)[ItemState.TAKEN_IN] == len(good)
    assert sets.counts(again)[ItemState.FAULTY] == 24


def exactly(good):
    """Of each good row there is one application, and of no other."""
    taken = SubmissionItem.objects.filter(state=ItemState.TAKEN_IN)
    assert sorted(taken.values_list("reference", flat=True)) == sorted(good)
    assert Application.objects.count() == len(good)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clients_and_four_workers_at_once():
    callers = [owner(), owner()]
    rows, good = some_rows(callers[0], 12, 2)

    answers = all_at_once([lambda caller=each: send(caller, rows) for each in callers])
    assert [answer.status_code for answer in answers] == [202, 202]
    submissions = list(Submission.objects.all())
    all_at_once([lambda each=each: sets.work(each) for each in submissions * 2])

    exactly(good)
    assert not SubmissionItem.objects.filter(state=ItemState.WAITING).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_makes_one_set():
    caller = owner()
    rows = sign(caller, [row("S-1")])

    answers = all_at_once([lambda: send(caller, rows)] * 6)

    codes = {answer.status_code for answer in answers}
    assert 202 in codes <= {202, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"in_flight"}
    assert len({a.json()["send_number"] for a in answers if a.status_code == 202}) == 1
    assert Submission.objects.count() == RememberedRequest.objects.count() == 1
    connections.close_all()


def test_answers_are_forgotten_after_a_day():
    caller = owner()
    send(caller, sign(caller, [row("U-1")]))
    for hours, deleted in ((23, []), (25, [1])):
        later = clock.now() + timedelta(hours=hours)
        assert list(remembering.forget(clock.day(later), now=later, chunk=10)) == deleted


def test_a_set_whose_worker_is_gone_is_given_to_another(time_machine):
    caller = owner()
    send(caller, sign(caller, [row("T-1")]))
    assert sets.resume_stalled() == 0
    time_machine.move_to(clock.system_now() + timedelta(seconds=121))
    assert sets.resume_stalled() == 1
    assert sets.resume_stalled() == 0
