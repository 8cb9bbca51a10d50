"""Whatever is typed on the pages of 申請を行う breaks none, and what is refused comes back.

Beside each field that is refused stands its message, and the field holds what was typed.
"""

import json
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from applications.apply import certificate, drafts, journey, sending, sessions
from applications.apply.views.step import FORMS
from applications.models import Application, Draft, Office, Particulars
from applications.status import Procedure, Status
from koss.ground import clock
from tests import pages
from tests.edges.test_naughty_input import FORM, NAUGHTY
from tests.races.test_drafts_at_once import ANSWERS
from tests.signing_in import let_in

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
LONG = "A" * 100_000
TEXT = st.one_of(
    st.sampled_from(NAUGHTY),
    st.text(max_size=60),
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=40),
    st.text(alphabet="品川ひらがなカ１580さ-－・ ABO0I1東京都軽自　太郎", max_size=30),
)
SOME = settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Beside the steps of a procedure, what their pages need to be open.
MORE = {
    "use": {"vehicle_use": "private"},
    "model": {"type_designation": "12345", "category_number": "0001"},
    "owner": {"same": "no", "owner_name": "軽自　太郎", "owner_name_full": ""},
    "batch_file": {"payer": "KNAB1234", "payer_is_agent": "no"},
    "receiver": {"receiver_name": "軽自行政書士事務所"},
    "agent": {
        "electronic": "yes",
        "unchanged": "yes",
        "no_papers": "yes",
        "recording_agent_number": "KIROKU0001",
        "recording_agent_name": "指定整備事業者",
    },
    "proof": {},
}


class Applicant:
    """Somebody with two drafts open, in which every step can be answered."""

    def __init__(self):
        self.client = Client(raise_request_exception=False)
        office = str(Office.objects.get(name="東京主管事務所").pk)
        self.office = {"office": office}
        self.drafts, self.homes = {}, {}
        for procedure, way in (
            (Procedure.CONTINUED_INSPECTION, "agent"),
            ("new_vehicle", "receiver"),
        ):
            self.answers = {
                **ANSWERS,
                **MORE,
                "applicant": {"applicant_kind": "self", "applicant_name": "軽自　太郎"},
                "office": self.office,
                "payment": {"method": "batch"},
                "receiving": {"way": way},
            }
            draft = drafts.begin(procedure, password="!", answers=self.answers, now=clock.now())
            handle = let_in(self.client, sessions.open_for, draft)
            self.drafts[str(procedure)] = draft.pk
            self.homes[str(procedure)] = reverse("apply:tasks", args=[handle])

    def fields(self):
        """Every field that is typed: (page, its name, what else the form needs)."""
        for procedure, home in self.homes.items():
            for name, form_class in FORMS.items():
                if self.client.get(f"{home}step/{name}/").status_code != 200:
                    continue
                form = form_class(procedure=procedure, answers=self.answers)
                whole = dict(self.answers.get(name, {}))
                for field in form.fields:
                    yield f"{home}step/{name}/", field, whole
            yield f"{home}certificate/", "codes", {}
            yield f"{home}step/files/", "kind", {}
            yield f"{home}signature/", "signature", {}
        yield from (("/apply/", name, dict(BEGIN)) for name in BEGIN)
        yield from (("/apply/resume/", name, dict(RESUME)) for name in RESUME)
        whole = self.answers["user"] | self.answers["address"]
        yield from (("/apply/address-file/", name, dict(whole)) for name in whole)

    def sends(self, page, facts):
        """The answer to a form; its draft is the newest, as on a page just opened."""
        version = "0"
        for procedure, home in self.homes.items():
            if page.startswith(home):
                version = str(Draft.objects.get(pk=self.drafts[procedure]).version)
        parts = {"version": version, **facts}.items()
        body = "&".join(
            f"{key}={quote(str(v), safe='', errors='surrogatepass')}" for key, v in parts
        )
        return self.client.generic("POST", page, body.encode(), FORM)


BEGIN = {
    "procedure": "continued_inspection",
    "password": "shinsei-2024",
    "again": "shinsei-2024",
    "email": "keiji@gyosei.example",
}
RESUME = {"number": "123456789012", "password": "shinsei-2024"}


@pytest.fixture
def applicant(settings):
    settings.KOSS_WRITES_PER_SOURCE = 10**6
    settings.KOSS_FAILURES_PER_SOURCE = 10**6
    return Applicant()


def look_at(response, page, name, typed):
    """The page of a refused form says so beside the field, which holds what was typed.

    Returns True for such a page, None for another answer.
    """
    assert response.status_code < 500, (page, name, typed[:40])
    if response.status_code != 200 or "form" not in (response.context or {}):
        return None
    form = response.context["form"]
    html = response.content.decode()
    assert form.errors, (page, name, typed[:40])
    nodes = list(pages.read(html).all())
    by_id = {node["id"]: node for node in nodes if node["id"]}
    for wrong, messages in form.errors.items():
        fields = [node for node in nodes if node["name"] == wrong and wrong in form.fields]
        if wrong != "__all__":
            assert fields, (page, wrong)
        beside = " ".join(
            by_id[each].text
            for field in fields
            for each in (field["aria-describedby"] or group_of(field)).split()
            if each in by_id
        )
        for message in messages:
            said = " ".join(message.split())
            assert said in (beside if fields else pages.read(html).text), (page, wrong, message)
    for field in nodes:
        if field["name"] == name and name in form.errors and is_typed(field):
            held = field["value"] if field.tag == "input" else "".join(map(str, field.inside))
            assert plain(held) == plain(typed), (page, name)
    return True


def group_of(field):
    return (field.inside_of("fieldset") or field)["aria-describedby"]


def is_typed(field):
    typed = field.tag == "input" and field["type"] in {"text", "email", "tel", ""}
    return typed or field.tag == "textarea"


def plain(text):
    """As HTML carries it: line ends are one sign."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def test_every_field_of_every_page_is_walked(applicant):
    walked = {(page.rstrip("/").rpartition("/")[2], name) for page, name, _ in applicant.fields()}

    assert {step for step, _name in walked} >= set(FORMS) - {"files"}
    assert len(walked) > 40


@pytest.mark.parametrize(
    "typed",
    ["", "\0", "a\ud800b", LONG, "👨‍👩‍👧‍👦", "\u202e名前\u2066\ue000"],
    ids=["empty", "NUL", "surrogate", "long", "emoji", "bidi"],
)
def test_no_field_breaks_on(applicant, typed):
    # Each step once, whichever procedure it is of.
    steps = {(page.rpartition("/step/")[2], name): (page, name, others)
             for page, name, others in applicant.fields()}  # fmt: skip
    refused = [
        look_at(applicant.sends(page, others | {name: typed}), page, name, typed)
        for page, name, others in steps.values()
    ]
    # What is no text at all is stopped at the gate.
    assert refused.count(True) > 20 or refused.count(None) == len(refused)


def test_no_field_breaks_on_anything(applicant):
    fields = list(applicant.fields())

    @SOME
    @given(field=st.sampled_from(fields), typed=TEXT)
    def walk(field, typed):
        page, name, others = field
        look_at(applicant.sends(page, others | {name: typed}), page, name, typed)

    walk()
    # Whatever was taken can be looked at, and sent.
    for home in applicant.homes.values():
        for page in ("", "check/", "text/", "signature/"):
            assert applicant.client.get(home + page, follow=True).status_code == 200
    for pk in applicant.drafts.values():
        draft = Draft.objects.get(pk=pk)
        with patch.object(journey, "missing", lambda *_said: []):
            sent = sending.send(draft, b"", version=draft.version, now=clock.now())
        assert sent.status == Status.NOT_ACCEPTED


def test_what_a_form_takes_fits_into_its_column(applicant):
    columns = {
        each.name: each for each in (*Application._meta.fields, *Particulars._meta.fields)
    }  # fmt: skip
    looked_at = 0
    for procedure in applicant.homes:
        for form_class in FORMS.values():
            form = form_class(procedure=procedure, answers=applicant.answers)
            for name in form.fields.keys() & columns.keys():
                longest = getattr(columns[name], "max_length", None)
                taken = getattr(form.fields[name], "max_length", None)
                if longest and taken:
                    looked_at += 1
                    assert taken <= longest, name
    assert looked_at > 15


VALUE = st.one_of(
    TEXT,
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(TEXT, max_size=2),
    st.sampled_from(["\ud800", "\0", "a" * 60_000]),
)
KEYS = ("EntryNoCarNo", "CarNo", "UsernameLowLevelChar", "UserAddressChar", "ModelSpecifyNo")
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(st.sampled_from(KEYS), VALUE, min_size=1).map(
        lambda said: json.dumps({"CertInfo": said}).encode()
    ),
    st.tuples(st.lists(st.sampled_from(KEYS), min_size=1), st.lists(TEXT, max_size=6)).map(
        lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
    ),
)


@SOME
@given(content=CONTENT)
@example(content=b'{"CarNo": "\\ud800"}')
@example(content=b'{"CarNo": "\\u0000"}')
@example(content=b"CarNo\nAX01\r-1,a\r\n")
@example(content=b'CarNo,CarNo\n"\r')
@example(content=b"[" * 60_000)
@example(content=b"CarNo\n" + b"1" * 60_000)
def test_any_file_of_the_viewer_is_read_or_refused(content):
    try:
        steps = certificate.read_file(content)
    except certificate.NotACertificate:
        return
    for values in steps.values():
        for value in values.values():
            assert isinstance(value, str)
            value.encode()


@SOME
@given(typed=TEXT)
@example(typed="K/22/" + "/" * 60_000)
@example(typed="K/22/\ud800/1/\0/1")
@example(typed="K22/" * 10_000)
def test_any_codes_are_read_or_refused(typed):
    for text in (typed, f"K/22/{typed}/1/{typed}/658/1", f"K/32/1/{typed}/x"):
        try:
            json.dumps(certificate.read_codes(text), ensure_ascii=False).encode()
        except certificate.NotACertificate:
            continue


@pytest.mark.parametrize(
    "content",
    [
        b'{"CarNo": "\\ud800"}',
        b'{"CarNo": "\\u0000", "EntryNoCarNo": "a"}',
        json.dumps({"CarNo": "A" * 60_000, "UsernameLowLevelChar": "\u202e\ue000"}).encode(),
        b"CarNo\nAX01\r-1,a\r\n",
        b"\xff\xfe\0",
        b"",
    ],
    ids=["surrogate", "NUL", "long", "line ends", "bytes", "empty"],
)
def test_no_file_breaks_the_pages_that_take_one(applicant, content):
    home = applicant.homes["new_vehicle"]
    for page, name in (
        ("certificate/", "file"),
        ("certificate/", "picture"),
        ("step/proof/", "file"),
        ("step/batch_file/", "file"),
        ("step/files/", "file"),
    ):
        version = Draft.objects.get(pk=applicant.drafts["new_vehicle"]).version
        file = SimpleUploadedFile("a\u202e.json", content)
        sent = {"version": str(version), name: file, "kind": "liability_insurance"}
        answer = applicant.client.post(home + page, sent, follow=True)
        assert answer.status_code in {200, 400}, (page, name)
    for step in FORMS:
        assert applicant.client.get(f"{home}step/{step}/").status_code in {200, 404}


@pytest.mark.parametrize("field", ["version", "look_up", "use", "next", "remove", "add", "list"])
def test_no_button_breaks_a_page(applicant, field):
    for home in applicant.homes.values():
        for page in ("step/address/", "step/files/", "step/user/", "signature/", "certificate/"):
            for typed in ("", "-1", "9" * 50, "²", "x" * 5_000, "\0"):
                facts = {"postal_code": typed, field: typed}
                assert applicant.sends(home + page, facts).status_code < 500
