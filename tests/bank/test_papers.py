"""The practice systems for papers beside the bank: found, late, withheld, or with a slip."""

import json
import re
import urllib.error
import urllib.request
import uuid

import pytest

from applications.papers import near, sandbox
from applications.papers.sources import SourceAway
from applications.practice import values
from tests.bank.payer import Payer
from tests.bank.process import SECRET

pytestmark = pytest.mark.sqlite
KIND = "safety_certificate"


@pytest.fixture
def control(bank):
    """The control page; how the systems answer is put back afterwards."""
    payer = Payer(bank.origin)
    payer.get("/control/papers/")
    yield payer
    trains(payer, "arrives")


def trains(payer, mode, minutes=3, **more):
    page = payer.post("/control/papers/", mode=mode, minutes=minutes, annual_tax_paid="on", **more)
    assert page.status == 200
    return page


def adds(payer, chassis_number, when="now"):
    page = payer.post(
        "/control/papers/", add="1", kind=KIND, chassis_number=chassis_number, when=when
    )
    assert page.status == 200
    return page


def a_number():
    return f"AX01-{uuid.uuid4().int % 10**8:08d}"


def test_a_paper_is_there_at_once_and_keeps_its_number(control):
    asked = a_number()

    found = sandbox.find(KIND, asked)

    assert found.number.isdecimal()
    assert sandbox.find(KIND, asked) == found
    assert asked in control.get("/control/papers/").text


@pytest.mark.parametrize(("mode", "shown"), [("late", "から"), ("withheld", "見つからない")])
def test_a_trainer_delays_and_withholds_and_at_last_lets_it_be_found(control, mode, shown):
    asked = a_number()
    page = trains(control, mode)
    assert sandbox.find(KIND, asked).number == ""
    assert shown in control.get("/control/papers/").text

    trains(control, "arrives")
    assert sandbox.find(KIND, asked).number == ""
    adds(control, asked)

    assert sandbox.find(KIND, asked).number
    assert page.status == 200


@pytest.mark.parametrize("when", ["later", "never"])
def test_what_is_there_can_be_taken_away_again(control, when):
    asked = a_number()
    assert sandbox.find(KIND, asked).number

    adds(control, asked, when)

    assert sandbox.find(KIND, asked).number == ""


def test_a_slip_is_offered_masked_and_never_as_a_whole(control):
    asked = a_number()
    trains(control, "slip")

    offered = sandbox.find(KIND, asked)

    assert offered.number == ""
    assert asked[:-1] + "●" in near.hints(asked, offered.near)


@pytest.mark.parametrize(
    ("known", "hint"),
    [("AX0I-{}", "AX0●-{}"), ("AXO1-{}", "AX●1-{}"), ("XA01-{}", "●●01-{}")],
)
def test_what_a_trainer_adds_is_near_while_the_paper_itself_is_withheld(control, known, hint):
    serial = f"{uuid.uuid4().int % 10**8:08d}"
    trains(control, "withheld")
    adds(control, known.format(serial))

    offered = sandbox.find(KIND, f"AX01-{serial}")

    assert near.hints(f"AX01-{serial}", offered.near) == [hint.format(serial)]


def test_what_is_withheld_is_near_to_nothing(control):
    serial = f"{uuid.uuid4().int % 10**8:08d}"
    trains(control, "withheld")
    adds(control, f"AX0I-{serial}", "never")

    assert sandbox.find(KIND, f"AX01-{serial}").near == ()


def test_a_number_is_taken_as_the_portal_asks_for_it(control):
    asked = a_number()
    typed = asked.lower().translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    trains(control, "withheld")

    adds(control, f" {typed} ")

    assert sandbox.find(KIND, asked).number


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"chassis_number": ""}, "車台番号を入力してください"),
        ({"chassis_number": "\0 \u200b"}, "車台番号を入力してください"),
        ({"chassis_number": "A" * 31}, "30文字以内"),
        ({"kind": "no such"}, "一つ選んでください"),
        ({"when": "\0"}, "一つ選んでください"),
        ({"add": "", "mode": "no such"}, "一つ選んでください"),
        ({"add": "", "minutes": "１４４１"}, "1から1440まで"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(control, facts, said):
    whole = {"kind": KIND, "chassis_number": "AX01-1", "when": "now", "mode": "late", "minutes": 3}
    sent = {"add": "1", **whole, **facts}
    if not sent["add"]:
        del sent["add"]

    assert said in control.post("/control/papers/", **sent).text


def test_the_annual_tax_is_as_the_trainer_says(control):
    assert sandbox.annual_tax("品川 - 580 - さ - 1234") is True
    control.post("/control/papers/", mode="arrives", minutes=3)

    assert sandbox.annual_tax("品川 - 580 - さ - 1234") is False


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"kind"',
        b"\xff",
        b"[" * 100_000,
        b'{"kind": "no such", "chassis_number": "1"}',
        b'{"kind": "safety_certificate", "chassis_number": ""}',
        b'{"kind": "safety_certificate", "chassis_number": 7}',
        b'{"kind": "safety_certificate", "chassis_number": "\\u0000"}',
        b'{"kind": "safety_certificate", "chassis_number": "\\ud800"}',
        b'{"kind": "safety_certificate", "chassis_number": "' + b"1" * 31 + b'"}',
    ],
    ids=range(12),
)
def test_other_questions_get_a_no(bank, body):
    assert asked(bank, body, SECRET) == 400


def test_nobody_asks_without_the_secret(bank):
    body = json.dumps({"kind": KIND, "chassis_number": "AX01-1"}).encode()

    assert asked(bank, body, "another") == 400


def asked(bank, body, secret):
    request = urllib.request.Request(
        f"{bank.origin}/papers/find/", body, {"Authorization": f"Bearer {secret}"}
    )
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=20)
    error.value.close()
    return error.value.code


def test_a_system_that_is_away_or_talks_nonsense_is_away(settings, portal):
    settings.KOSS_BANK_SECRET = SECRET
    settings.KOSS_BANK_ORIGIN = "http://127.0.0.1:9"
    with pytest.raises(SourceAway):
        sandbox.find(KIND, "AX01-1")

    settings.KOSS_BANK_ORIGIN = portal.origin
    for answer in (
        (500, {}),
        (200, []),
        (200, {"near": {"a": 1}}),
        (200, {"near": [1]}),
        (200, {"number": None}),
        (200, {"number": "1" * 41}),
        (200, {"number": "1" * 100_000}),
    ):
        portal.answer["/papers/find/"] = answer
        with pytest.raises(SourceAway):
            sandbox.find(KIND, "AX01-1")
    portal.answer["/papers/annual_tax/"] = (200, {"paid": "yes"})
    assert sandbox.annual_tax("品川 - 580 - さ - 1234") is None


def magic_number(mode):
    [found] = [each for each in values.TABLE if each.papers and each.papers.mode == mode]
    return f"{found.typed}{uuid.uuid4().int % 10**7:07d}"


class TestMagicNumbers:
    """They say how the systems answer, whatever the training page says."""

    @pytest.fixture(autouse=True)
    def _demo(self, settings):
        settings.DEMO = True

    def test_never(self, control):
        asked = magic_number("withheld")
        assert [sandbox.find(KIND, asked).number for _ in range(2)] == ["", ""]
        assert re.search(f"{asked}.*?見つからない", control.get("/control/papers/").text, re.S)

    def test_late(self, control):
        asked = magic_number("late")
        assert sandbox.find(KIND, asked).number == ""
        assert re.search(f"{asked}.*?から", control.get("/control/papers/").text, re.S)

    def test_registered_with_a_slip(self, control):
        asked = magic_number("slip")
        found = sandbox.find(KIND, asked)
        assert found.number == ""
        assert asked[:-1] in {each[:-1] for each in found.near}

    def test_any_other_is_answered_as_the_page_says(self, control):
        assert sandbox.find(KIND, a_number()).number
