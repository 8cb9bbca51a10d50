"""申請の補正 of an application that was made and signed on screen, with files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.correcting import proposals, whole
from applications.life import moves
from applications.models import Application, PaperSearch, Upload
from applications.status import Status
from koss.ground import clock
from payments.demo import payers
from tests.apply import hostile, walk
from tests.practice import signed
from tests.staff import signed_in, text_of

# The addresses of demo mode, in which practice certificates are believed.
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.edges.test_demo_pages")]
PERSONAL = "personal.p12"
INSURANCE = "自動車損害賠償責任保険（共済）証明書"


@pytest.fixture
def applicant(visitor, practice):
    """A visitor whose signatures this portal believes."""
    return visitor


@pytest.fixture
def a_signed_one(applicant):
    """``make(procedure, fields=…, attachments=…, file=…)``: signed, paid, and to be corrected.

    Its status page is open.
    """

    def make(procedure="継続検査", *, fields=(), attachments=(), file=None):
        walk.begins(applicant, procedure)
        home = applicant.path
        if file:
            sent = {"kind": "liability_insurance", "file": file, "add": "1"}
            walk.posts(applicant, home + "step/files/", sent)
            applicant.opens(home)
        walk.answers(applicant, procedure)
        applicant.presses("署名に進む")
        walk.sends(applicant, signed(walk.content_of(applicant), PERSONAL))
        applicant.presses("申請状況を見る")
        application = Application.objects.get()
        now = clock.now()
        moves.perform("accept", application, actor="reviewer", now=now)
        payers.pay(application, now=now)
        orders(application, fields=fields, attachments=attachments)
        applicant.opens(applicant.path)
        return application

    return make


def orders(application, *, fields=(), attachments=()):
    application.refresh_from_db()
    return moves.perform(
        "order_correction",
        application,
        actor="reviewer",
        now=clock.now(),
        by="shinsa",
        inputs=moves.Inputs(reason="確認してください。", fields=fields, attachments=attachments),
    )


def a_paper(name="直した証明書.pdf", pages=1):
    return SimpleUploadedFile(name, hostile.document(pages=pages))


def fills_in(applicant, *, files=None, **more):
    """Send the form as it is drawn, with ``files`` (kind → file) beside what was typed."""
    form = next(f for f in applicant.page.all("form") if "correction" in (f["action"] or ""))
    sent = dict(applicant._values(form)) | more
    sent |= {f"file_{kind}": file for kind, file in (files or {}).items()}
    walk.posts(applicant, applicant.path, sent)


def signs(applicant, file=PERSONAL, content=None):
    """Sign what is offered for it, and send."""
    applicant.presses("署名に進む")
    page = applicant.path
    content = content or applicant.client.get(page.replace("signature", "text")).content
    form = next(f for f in applicant.page.all("form") if "signature" in (f["action"] or ""))
    cms = SimpleUploadedFile("application.p7s", signed(content, file))
    walk.posts(applicant, page, dict(applicant._values(form)) | {"signature": cms})


def test_a_signed_application_is_corrected_with_a_file_and_signed_again(a_signed_one, applicant):
    application = a_signed_one(
        fields=("user_name",),
        attachments=("liability_insurance",),
        file=a_paper("初めの証明書.pdf"),
    )
    applicant.presses("申請を補正する")
    applicant.sees("いまの申請内容：軽自 太郎", "初めの証明書.pdf", INSURANCE)
    applicant.fills("使用者名", "軽自　次郎")
    fills_in(applicant, files={"liability_insurance": a_paper(pages=2)})

    applicant.sees_in_order(
        "補正前", "補正後", "変更", "初めの証明書.pdf", "直した証明書.pdf", "差し替え"
    )
    signs(applicant)

    applicant.sees("補正を申請しました", "検査申請審査中")
    application.refresh_from_db()
    assert (application.user_name, application.status) == ("軽自　次郎", Status.IN_REVIEW)
    newest, first = application.signatures.all()
    assert newest.refusal == ""
    said = bytes(newest.content).decode()
    old, new = Upload.objects.order_by("pk")
    assert "使用者名：軽自　次郎" in said
    assert new.digest in said
    assert old.digest not in said
    assert application.receipt_number in said
    assert old.retired_at == newest.made_at
    assert list(application.uploads.standing()) == [new]
    assert bytes(first.content).decode().count("\n") + 1 == said.count("\n")


@pytest.mark.parametrize("procedure", ["継続検査", "新車"])
def test_the_whole_that_is_signed_again_says_what_was_signed_first(a_signed_one, procedure):
    application = a_signed_one(procedure, fields=("user_name",), file=a_paper())
    order = application.notices.get()

    def said(content):
        return bytes(content).decode().partition("手続種別：")[2]

    first = application.signatures.get().content
    assert said(whole.text_of(order, {})) == said(first)


def test_a_signature_that_does_not_hold_sends_nothing_and_can_be_made_again(
    a_signed_one, applicant
):
    application = a_signed_one(fields=("user_name",))
    applicant.presses("申請を補正する")
    applicant.fills("使用者名", "軽自　次郎")
    applicant.presses("補正内容を確認する")
    review = applicant.path
    first = application.signatures.get().content
    for file, content, said in (
        ("expired.p12", None, "有効期限"),
        ("wrong-name.p12", None, "氏名"),
        (PERSONAL, bytes(first), "署名"),
    ):
        applicant.opens(review)
        signs(applicant, file, content)
        applicant.sees(said)
        assert applicant.field("署名ファイル")["aria-invalid"] == "true"
    application.refresh_from_db()
    assert application.status == Status.AWAITING_CORRECTION
    applicant.client.post(
        review, {"request_key": str(moves.RequestKey.fresh(application)), "version": "1"}
    )
    assert application.signatures.count() == 1

    applicant.opens(review)
    signs(applicant)

    application.refresh_from_db()
    assert (application.status, application.signatures.count()) == (Status.IN_REVIEW, 2)


def test_what_was_changed_in_another_window_is_not_sent(a_signed_one, applicant):
    application = a_signed_one(attachments=("liability_insurance",))
    applicant.presses("申請を補正する")
    applicant.presses("補正内容を確認する")
    applicant.sees(f"{INSURANCE}のファイルを選んでください")
    fills_in(applicant, files={"liability_insurance": a_paper()})
    applicant.presses("署名に進む")
    page = applicant.path
    form = next(f for f in applicant.page.all("form") if "signature" in (f["action"] or ""))
    sent = dict(applicant._values(form))
    cms = signed(applicant.client.get(page.replace("signature", "text")).content, PERSONAL)
    order = application.notices.get()
    proposals.add(order, "liability_insurance", a_paper(pages=3), version=1, now=clock.now())

    walk.posts(applicant, page, sent | {"signature": SimpleUploadedFile("a.p7s", cms)})

    assert applicant.status == 409
    applicant.sees("ほかの画面で補正内容が変わりました")
    application.refresh_from_db()
    assert application.status == Status.AWAITING_CORRECTION


def test_the_pages_ask_the_database_seldom(a_signed_one, applicant, django_assert_num_queries):
    a_signed_one(
        fields=("user_name",), attachments=("liability_insurance",), file=a_paper("初め.pdf")
    )
    applicant.presses("申請を補正する")
    applicant.fills("使用者名", "軽自　次郎")
    fills_in(applicant, files={"liability_insurance": a_paper(pages=2)})
    review = applicant.path
    applicant.presses("署名に進む")

    for page, queries in ((review, 12), (applicant.path, 13)):
        with django_assert_num_queries(queries):
            applicant.client.get(page)


def test_signing_twice_sends_once(a_signed_one, applicant):
    application = a_signed_one(fields=("user_name",))
    applicant.presses("申請を補正する")
    applicant.fills("使用者名", "軽自　次郎")
    applicant.presses("補正内容を確認する")
    applicant.presses("署名に進む")
    page = applicant.path
    form = next(f for f in applicant.page.all("form") if "signature" in (f["action"] or ""))
    sent = dict(applicant._values(form))
    cms = signed(applicant.client.get(page.replace("signature", "text")).content, PERSONAL)
    for _press in range(2):
        walk.posts(applicant, page, sent | {"signature": SimpleUploadedFile("a.p7s", cms)})
        applicant.sees("補正を申請しました")

    assert application.signatures.count() == 2
    assert application.history.filter(move="send_correction").count() == 1


def test_files_stay_after_a_fault_and_can_be_taken_away(a_signed_one, applicant):
    first = hostile.document()
    application = a_signed_one(
        fields=("user_name",),
        attachments=("liability_insurance",),
        file=SimpleUploadedFile("初め.pdf", first),
    )
    applicant.presses("申請を補正する")
    page = applicant.path
    applicant.fills("使用者名", "髙橋")
    fills_in(applicant, files={"liability_insurance": a_paper(pages=2)})
    applicant.sees("「高橋」と入力してください", "直した証明書.pdf")
    assert applicant.field("使用者名")["value"] == "髙橋"
    applicant.fills("使用者名", "軽自　三郎")
    fills_in(applicant, files={"liability_insurance": SimpleUploadedFile("a.pdf", b"MZ")})
    applicant.sees("PDF、JPEG、PNGのファイルを選んでください。")
    fills_in(applicant, files={"liability_insurance": SimpleUploadedFile("同じ.pdf", first)})
    applicant.sees("提出済みのファイルと同じ内容です。")
    [added] = Upload.objects.filter(order__isnull=False)
    fills_in(applicant, remove=added.key)

    assert applicant.path == page
    applicant.does_not_see("直した証明書.pdf")
    assert not Upload.objects.filter(order__isnull=False).exists()
    assert set(application.uploads.sent()) == set(application.uploads.all())


def test_only_what_the_order_names_is_taken(a_signed_one, applicant):
    application = a_signed_one(attachments=("liability_insurance",))
    applicant.presses("申請を補正する")
    forged = {"safety_certificate": a_paper(pages=2), "liability_insurance": a_paper()}
    fills_in(applicant, files=forged, user_name="別人")
    signs(applicant)

    application.refresh_from_db()
    assert application.status == Status.IN_REVIEW
    assert application.user_name == "軽自　太郎"
    assert [each.kind for each in application.uploads.all()] == ["liability_insurance"]


def test_a_corrected_chassis_number_is_looked_for_anew(a_signed_one, applicant):
    application = a_signed_one(fields=("chassis_number",))
    PaperSearch.objects.update(tries=9, next_at=None, hints=["AX01-000000*"])
    applicant.presses("申請を補正する")
    applicant.fills("車台番号", "AX01-0000002")
    applicant.presses("補正内容を確認する")
    signs(applicant)

    application.refresh_from_db()
    assert application.chassis_number == "AX01-0000002"
    for search in PaperSearch.objects.all():
        assert (search.tries, search.hints) == (0, [])


def test_staff_see_every_version_and_nothing_unsent(a_signed_one, applicant):
    application = a_signed_one(
        fields=("user_name",), attachments=("liability_insurance",), file=a_paper("初め.pdf")
    )
    staff = signed_in("reviewer")
    page = reverse("admin:applications_application_change", args=[application.pk])
    applicant.presses("申請を補正する")
    applicant.fills("使用者名", "軽自　次郎")
    fills_in(applicant, files={"liability_insurance": a_paper(pages=2)})
    said = text_of(staff.get(page))
    assert "直した証明書.pdf" not in said
    assert "申請の版" not in said
    unsent = Upload.objects.get(order__isnull=False)
    assert staff.get(reverse("admin:applications_upload_file", args=[unsent.pk])).status_code == 404

    signs(applicant)

    said = text_of(staff.get(page))
    for words in ("申請の版", "初めの申請", "1回目の補正", "変更", "直した証明書.pdf", "初め.pdf"):
        assert words in said
    newest = application.signatures.first()
    content = staff.get(reverse("admin:applications_signature_content", args=[newest.pk]))
    assert content.content == bytes(newest.content)
    shown = staff.get(reverse("admin:applications_upload_preview", args=[unsent.pk]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    shown.close()


def test_the_night_forgets_what_was_never_sent(a_signed_one, applicant):
    application = a_signed_one(fields=("user_name",), attachments=("liability_insurance",))
    order = application.notices.get()
    now = clock.now()
    proposals.add(order, "liability_insurance", a_paper(), version=0, now=now)
    proposals.save(order, {"user_name": "軽自　次郎"}, version=1)
    assert sum(proposals.forget(clock.day(now), now=now, chunk=10)) == 0
    application.refresh_from_db()
    moves.perform("withdraw", application, actor="applicant", now=now)

    assert sum(proposals.forget(clock.day(now), now=now, chunk=10)) == 2

    order.refresh_from_db()
    assert (order.proposal, Upload.objects.count()) == ({}, 0)


def test_nobody_else_sees_a_file_of_a_correction(a_signed_one, applicant):
    application = a_signed_one(attachments=("liability_insurance",))
    order = application.notices.get()
    proposals.add(order, "liability_insurance", a_paper(), version=0, now=clock.now())
    key = Upload.objects.get().key
    page = f"{applicant.path}correction/files/{key}/"
    assert Client().get(page).status_code == 302

    mine = applicant.client.get(page)
    assert mine.status_code == 200
    assert "sandbox" in mine["Content-Security-Policy"]
    mine.close()
