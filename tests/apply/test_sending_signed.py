"""Signatures on the whole way of sending: bad ones told apart, and nothing signed can change."""

import time
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from applications.apply import description, drafts, sending, sessions
from applications.inquiry import signing_in
from applications.models import Application, Draft, PaperSearch
from applications.models.reasons import in_words
from applications.signatures import integrity
from applications.signatures.refusals import Refusal, SignatureRefused
from applications.signatures.sandbox.samples import SAMPLES
from applications.status import Status
from applications.uploads import keeping
from koss.ground import clock
from tests import pages
from tests.practice import signed
from tests.races.test_drafts_at_once import ready
from tests.rules.signatures.test_hostile import long_identifier
from tests.signing_in import let_in
from tests.staff import signed_in, text_of

# The addresses of demo mode, in which practice certificates are believed.
pytestmark = [
    pytest.mark.databases,
    pytest.mark.django_db,
    pytest.mark.urls("tests.edges.test_demo_pages"),
]
BAD = {sample.file: sample.refusal for sample in SAMPLES if sample.refusal}


def sends(draft, cms, version=0):
    return sending.send(draft, cms, version=version, now=clock.now())


def content_of(draft):
    return description.text_of(draft, drafts.answers_of(draft))


def applicant_of(file):
    """Who applies with the certificate of a company is that company."""
    return "六本木商事" if "corporate" in file else "軽自　太郎"


def inquiry_of(application):
    """What the applicant reads at 状況照会."""
    client = Client()
    handle = let_in(client, signing_in.open_inquiry, application)
    page = client.get(reverse("applications:status", args=[handle])).content.decode()
    return pages.read(page).text


def test_a_magic_password_ends_as_not_accepted_in_the_demo_alone(practice, settings):
    refusals = {}
    for settings.DEMO in (True, False):
        draft, cms = ready()
        draft.password = make_password("miuketsuke-2024")
        draft.save(update_fields=["password"])
        application = sends(draft, cms)
        refusals[settings.DEMO] = application.signatures.get().refusal
        assert (application.status == Status.NOT_ACCEPTED) == bool(refusals[settings.DEMO])
    assert refusals[True] == Refusal.EXPIRED
    assert refusals[False] != Refusal.EXPIRED


@pytest.mark.parametrize("file", BAD)
def test_every_bad_certificate_ends_as_not_accepted_in_its_own_words(practice, file):
    draft, _cms = ready(applicant=applicant_of(file))

    application = sends(draft, signed(content_of(draft), file))

    said = str(in_words(BAD[file]))
    assert application.status == Status.NOT_ACCEPTED
    assert application.signatures.get().refusal == BAD[file]
    shown = inquiry_of(application)
    assert "未受付" in shown
    assert said in shown
    staff = signed_in("reviewer")
    page = reverse("admin:applications_application_change", args=[application.pk])
    assert said in text_of(staff.get(page))
    assert not PaperSearch.objects.exists()


def test_no_two_of_them_share_their_words():
    assert len({str(in_words(refusal)) for refusal in Refusal}) == len(Refusal)


@pytest.mark.parametrize("sample", [s.file for s in SAMPLES if not s.refusal])
def test_good_ones_are_taken_in(practice, sample):
    draft, _cms = ready(applicant=applicant_of(sample))

    assert sends(draft, signed(content_of(draft), sample)).status == Status.RECEIVED


def test_any_byte_of_the_signed_text_is_noticed(practice):
    draft, cms = ready(with_file=True)
    content = content_of(draft)
    envelope = integrity.open_envelope(cms)
    integrity.require_intact(envelope, content)
    for place in range(len(content)):
        other = bytearray(content)
        other[place] ^= 1 + place % 255
        with pytest.raises(SignatureRefused) as refused:
            integrity.require_intact(envelope, bytes(other))
        assert refused.value.refusal == Refusal.ALTERED
    for place in (0, len(content) - 1):
        other = bytearray(content)
        other[place] ^= 1
        another, _cms = ready(with_file=True)
        with patch.object(description, "text_of", lambda *_said, it=bytes(other): it):
            assert sends(another, cms, version=1).status == Status.NOT_ACCEPTED
    assert sends(draft, cms, version=1).status == Status.RECEIVED


def test_every_answer_and_every_file_stands_in_the_signed_text(practice):
    draft, _cms = ready(with_file=True)
    text = content_of(draft).decode()

    assert draft.uploads.get().digest in text
    assert draft.number in text
    for words in (
        "AX01-0000001",
        "品川 - 580 - さ - 1234",
        "軽自　太郎",
        "東京都品川区東品川1-1-1",
    ):
        assert words in text


def test_any_byte_of_a_file_is_noticed_and_nothing_is_sent(practice):
    draft, cms = ready(with_file=True)
    upload = draft.uploads.get()
    with keeping.store().open(upload.key) as file:
        content = file.read()

    def put(it):
        keeping.store().delete(upload.key)
        keeping.store().save(upload.key, ContentFile(it))

    for place in range(len(content)):
        put(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(sending.FilesAltered):
            sends(draft, cms, version=1)
    for other in (content[:-1], content + b"\0", b""):
        put(other)
        with pytest.raises(sending.FilesAltered):
            sends(draft, cms, version=1)
    assert not Application.objects.exists()

    client, page = sending_page(draft)
    answer = client.post(page, {"version": "1", "signature": ContentFile(cms, "a.p7s")})
    assert answer.status_code == 409
    assert f"保存したときの内容と違います：{upload.name}" in answer.content.decode()
    put(content)
    assert client.post(page, {"version": "1", "signature": ContentFile(cms, "a.p7s")}).url
    assert Application.objects.get().status == Status.RECEIVED


def test_a_signature_of_one_application_does_not_fit_its_twin(practice):
    first, cms = ready()
    twin, _cms = ready()
    assert drafts.answers_of(first) == drafts.answers_of(twin)

    assert sends(twin, cms).signatures.get().refusal == Refusal.ALTERED
    assert sends(first, cms).signatures.get().refusal == ""


def test_a_signature_does_not_fit_the_same_draft_once_it_was_changed(practice):
    draft, cms = ready()
    answers = drafts.answers_of(draft)
    drafts.answer(draft, "user", {"user_name": "軽自　次郎"}, version=0, now=clock.now())
    changed = Draft.objects.get()

    with pytest.raises(drafts.Gone):
        sends(draft, cms)
    with pytest.raises(drafts.Gone):
        sends(changed, cms)
    back = drafts.answer(changed, "user", answers["user"], version=1, now=clock.now())
    assert sends(back, cms, version=2).status == Status.RECEIVED


def sending_page(draft):
    """A browser that has ``draft`` open, and where it sends it."""
    client = Client()
    handle = let_in(client, sessions.open_for, draft)
    return client, reverse("apply:sign", args=[handle])


def many_certificates():
    """20,000 certificates, 21 MB: no signature is that large."""
    return b"\x30\x84\x01\x40\x00\x00" + bytes(20_000 * 1_050)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (long_identifier, Refusal.NOT_DER),
        (many_certificates, Refusal.TOO_LARGE),
        (lambda: b"", Refusal.NOT_DER),
        (lambda: b"\0" * 16_000, Refusal.NOT_DER),
        (lambda: b"-----BEGIN PKCS7-----\n", Refusal.PEM),
        (lambda: b"%PDF-1.7", Refusal.NOT_DER),
        (lambda: "署名".encode(), Refusal.NOT_DER),
    ],
    ids=["long identifier", "20,000 certificates", "empty", "zeros", "PEM", "PDF", "text"],
)
def test_what_is_no_signature_costs_little_and_is_told(practice, make, refusal):
    draft, _cms = ready()
    client, page = sending_page(draft)
    client.get(page)
    file = ContentFile(make(), "a.p7s")
    begun = time.process_time()

    answer = client.post(page, {"version": "0", "signature": file}, follow=True)

    assert time.process_time() - begun < 3
    assert answer.status_code == 200
    application = Application.objects.get()
    assert application.signatures.get().refusal == refusal
    assert str(in_words(refusal)) in inquiry_of(application)


@pytest.mark.parametrize("sent", [{}, {"signature": "text"}, {"signature": ""}])
def test_without_a_file_nothing_is_sent_and_the_page_says_so(practice, sent):
    draft, _cms = ready()
    client, page = sending_page(draft)

    answer = client.post(page, {"version": "0", **sent})

    assert "署名ファイルを選んでください" in answer.content.decode()
    assert not Application.objects.exists()
