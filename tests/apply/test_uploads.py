"""Uploaded files: kept, served, limited together, and swept."""

import os
import sys
import types
from datetime import timedelta
from importlib.machinery import ModuleSpec

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.apply import drafts
from applications.models import Application, Draft, Upload
from applications.uploads import inspecting, keeping, serving
from koss.ground import clock, env
from koss.models import NightRun
from koss.operation import night
from tests.apply import walk
from tests.processes import ROOT
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.edges.test_demo_pages")]
KIND = "liability_insurance"


@pytest.fixture
def folder(settings, tmp_path):
    """A storage of this test's own."""
    backend = "django.core.files.storage.FileSystemStorage"
    options = {"location": str(tmp_path / "uploads")}
    settings.STORAGES = settings.STORAGES | {"uploads": {"BACKEND": backend, "OPTIONS": options}}
    return tmp_path / "uploads"


@pytest.fixture
def quick(monkeypatch):
    """What no child has to look at."""
    looked_at = inspecting.Inspected("application/pdf", b"%PDF-1.7", b"preview")
    monkeypatch.setattr(inspecting, "inspect", lambda _file: looked_at)
    return looked_at


def names(folder):
    return sorted(os.listdir(folder)) if folder.exists() else []


def hands_in(visitor, name="a.pdf", content=b"%PDF-", kind=KIND):
    page = visitor.path.partition("step/")[0] + "step/files/"
    sent = {"kind": kind, "file": SimpleUploadedFile(name, content), "add": "1"}
    walk.posts(visitor, page, sent)


def test_what_is_handed_in_lies_under_a_random_name_and_goes_with_its_row(visitor, folder, quick):
    walk.begins(visitor)
    hands_in(visitor, "../../証明書.pdf")

    upload = Upload.objects.get()
    assert names(folder) == [upload.key, f"{upload.key}.preview"]
    assert len(upload.key) == 32
    visitor.sees("証明書.pdf")
    for _press in range(2):  # the second one finds nothing more to take away
        walk.posts(visitor, visitor.path, {"remove": upload.key})
        assert visitor.status == 200

    assert not Upload.objects.exists()


def test_the_files_of_a_draft_go_with_it(folder, quick, django_capture_on_commit_callbacks):
    draft = a_draft()
    for _each in range(2):
        drafts.add_file(draft, KIND, SimpleUploadedFile("a.pdf", b"%PDF-"), now=clock.now())
    assert len(names(folder)) == 4
    [first, _second] = draft.uploads.all()
    with django_capture_on_commit_callbacks(execute=True):
        drafts.remove_file(draft, first.key, now=clock.now())
    assert len(names(folder)) == 2

    after = clock.now() + timedelta(days=30)
    assert sum(drafts.forget(clock.day(after), now=after, chunk=10)) == 1

    assert names(folder) == []


def a_draft():
    return drafts.begin(
        "continued_inspection",
        password="!",
        answers={"contact": {"email": "taro@gyosei.example"}},
        now=clock.now(),
    )


def test_thirty_megabytes_together_and_nothing_is_left_of_what_is_too_much(visitor, folder, quick):
    walk.begins(visitor)
    draft = Draft.objects.get()
    room = len(quick.content)
    facts = {"draft": draft, "kind": KIND, "media_type": "application/pdf", "at": clock.now()}
    Upload.objects.create(key="a" * 32, name="a", size=keeping.TOGETHER - room, **facts)
    hands_in(visitor)
    visitor.does_not_see("添付書類は、合わせて30メガバイト")

    hands_in(visitor)

    visitor.sees("添付書類は、合わせて30メガバイト")
    assert draft.uploads.count() == 2
    assert len(names(folder)) == 2


def test_no_more_than_is_taken_reaches_the_disk(visitor, folder, monkeypatch):
    seen, look = [], inspecting._task_of
    walk.begins(visitor)
    page = visitor.path + "step/files/"

    def measures(file):
        seen.append((file.size, os.path.getsize(file.temporary_file_path())))
        return look(file)

    monkeypatch.setattr(inspecting, "_task_of", measures)
    content = b"%PDF-" + bytes(inspecting.LARGEST * 2)
    sent = {"kind": KIND, "file": SimpleUploadedFile("a.pdf", content), "add": "1"}
    walk.posts(visitor, page, sent)

    visitor.sees("10メガバイト以下のファイルを選んでください")
    [(size, on_disk)] = seen
    assert size == len(content)
    assert on_disk <= inspecting.LARGEST + 128 * 1024


def test_what_comes_after_sending_is_answered_and_not_kept(visitor, folder, quick):
    walk.begins(visitor)
    draft = Draft.objects.get()
    drafts.add_file(draft, KIND, SimpleUploadedFile("a.pdf", b"%PDF-"), now=clock.now())
    upload = Upload.objects.get()
    seen, application = Draft.objects.get(), make("検査申請受付中")
    Draft.objects.update(application=application)
    Upload.objects.update(draft=None, application=application)

    for press in (
        lambda: drafts.add_file(seen, KIND, SimpleUploadedFile("a", b"%PDF-"), now=clock.now()),
        lambda: drafts.remove_file(seen, upload.key, now=clock.now()),
    ):
        with pytest.raises(drafts.Gone):
            press()

    assert len(names(folder)) == 2
    assert application.uploads.count() == 1


@pytest.mark.parametrize("press", [{"next": "1"}, {"remove": "x"}, "add"])
def test_a_visitor_overtaken_gets_a_page_that_says_so(visitor, folder, quick, monkeypatch, press):
    walk.begins(visitor)

    def overtaken(*_said, **_named):
        raise drafts.Gone(Draft.objects.get())

    monkeypatch.setattr(drafts, "_touched", overtaken)
    monkeypatch.setattr(drafts, "answer", overtaken)
    if press == "add":
        hands_in(visitor)
    else:
        walk.posts(visitor, visitor.path + "step/files/", press)

    assert visitor.status == 409
    assert names(folder) == []


def test_a_draft_that_the_night_has_forgotten_meanwhile_is_gone(folder, quick):
    draft = a_draft()
    Draft.objects.all().delete()

    with pytest.raises(drafts.Gone):
        drafts.answer(draft, "user", {}, version=0, now=clock.now())
    with pytest.raises(drafts.Gone):
        drafts.add_file(draft, KIND, SimpleUploadedFile("a.pdf", b"%PDF-"), now=clock.now())
    assert names(folder) == []


def test_the_night_sweeps_what_no_row_names_and_says_how_many(folder, quick):
    drafts.add_file(a_draft(), KIND, SimpleUploadedFile("a.pdf", b"%PDF-"), now=clock.now())
    kept = names(folder)
    for name in ("b" * 32, "b" * 32 + ".preview", "c" * 32):
        (folder / name).write_bytes(b"left behind")
    (folder / ("d" * 32)).write_bytes(b"its row comes in a moment")
    long_ago = clock.system_now().timestamp() - 2 * 86400
    for name in names(folder):
        if not name.startswith("d"):
            os.utime(folder / name, (long_ago, long_ago))

    counts = {step.code: sum(step.work(clock.today(), now=clock.now(), chunk=2))
              for step in night.STEPS if step.code == "sweep_files"}  # fmt: skip

    assert counts == {"sweep_files": 3}
    assert names(folder) == sorted([*kept, "d" * 32])
    record = NightRun(counts=counts)
    assert [(str(title), count) for title, count in night.told(record)] == [
        ("持ち主のない添付ファイルの削除", 3)
    ]


def test_a_file_that_goes_while_the_night_sweeps_stops_nothing(folder, monkeypatch):
    folder.mkdir()
    (folder / ("b" * 32)).write_bytes(b"x")
    listed = keeping.store().listdir("")
    monkeypatch.setattr(keeping.store().__class__, "listdir", lambda *_said: listed)
    (folder / ("b" * 32)).unlink()

    assert sum(keeping.sweep(clock.today(), now=clock.now(), chunk=10)) == 0


class FakeS3(InMemoryStorage):
    """What django-storages offers, as far as the portal uses it."""

    def __init__(self, **options):
        super().__init__()
        self.options = options


@pytest.fixture
def s3(monkeypatch, settings):
    for name in ("storages", "storages.backends", "storages.backends.s3"):
        module = types.ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["storages.backends.s3"].S3Storage = FakeS3
    monkeypatch.setenv("KOSS_UPLOADS", "s3://papers/koss")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://store.example")
    made = env.storage("KOSS_UPLOADS", ROOT)
    settings.STORAGES = settings.STORAGES | {"uploads": made}


def test_one_setting_puts_them_on_another_storage(s3, visitor, quick):
    assert keeping.store().options == {
        "bucket_name": "papers",
        "location": "koss",
        "default_acl": "private",
        "endpoint_url": "https://store.example",
    }
    walk.begins(visitor)
    hands_in(visitor)
    upload = Upload.objects.get()

    served = b"".join(serving.download(upload).streaming_content)
    assert served == quick.content
    assert sum(keeping.sweep(clock.today(), now=clock.now(), chunk=10)) == 0
    keeping.delete_files(upload.key)
    assert keeping.store().listdir("") == ([], [])


def test_the_storage_is_a_folder_unless_a_bucket_is_named(monkeypatch, tmp_path):
    made = env.storage("KOSS_UPLOADS", tmp_path)
    assert made["OPTIONS"]["location"] == str(tmp_path)
    assert made["OPTIONS"]["file_permissions_mode"] == 0o600

    monkeypatch.setenv("KOSS_UPLOADS", "s3://papers")
    with pytest.raises(ImproperlyConfigured, match=r"django-storages\[s3\]"):
        env.storage("KOSS_UPLOADS", tmp_path)


def test_a_file_is_served_to_its_own_draft_as_a_download_that_nothing_runs(visitor, folder, quick):
    walk.begins(visitor)
    home = visitor.path
    hands_in(visitor, "証明書<script>.pdf")
    upload = Upload.objects.get()

    served = visitor.client.get(f"{home}files/{upload.key}/")
    assert served.getvalue() == quick.content
    assert served["Content-Type"] == "application/pdf"
    assert served["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert served["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in served["Cache-Control"]
    (folder / upload.key).write_bytes(b"%PDF-1.8")
    altered = visitor.client.get(f"{home}files/{upload.key}/")
    assert altered.status_code == 409
    assert f"「{upload.name}」は、保存したときの内容と違います" in altered.text
    walk.begins(visitor)
    assert visitor.client.get(f"{visitor.path}files/{upload.key}/").status_code == 404
    visitor.client.cookies.clear()
    assert visitor.client.get(f"{home}files/{upload.key}/").status_code == 302
    assert visitor.client.get(f"/uploads/{upload.key}").status_code == 404


def test_staff_look_at_what_was_sent_and_at_nothing_else(folder, quick):
    draft = a_draft()
    upload = drafts.add_file(draft, KIND, SimpleUploadedFile("a.pdf", b"%PDF-"), now=clock.now())
    staff = signed_in("reviewer")
    page = f"/admin/applications/upload/{upload.pk}/"
    assert staff.get(f"{page}file/").status_code == 404

    Upload.objects.update(draft=None, application=make("検査申請審査中"))
    for name, content, kind in (
        ("file", quick.content, "application/pdf"),
        ("preview", quick.preview, "image/jpeg"),
    ):
        served = staff.get(f"{page}{name}/")
        assert (served.getvalue(), served["Content-Type"]) == (content, kind)
        assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert signed_in("operator").get(f"{page}file/").status_code in {403, 404}
    for name, content in (("file", quick.content), ("preview", quick.preview)):
        key = upload.key if name == "file" else keeping.preview_of(upload.key)
        for place in range(len(content)):
            other = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            (folder / key).write_bytes(other)
            assert staff.get(f"{page}{name}/").status_code == (302 if name == "file" else 404)
    keeping.delete_files(upload.key)
    assert staff.get(f"{page}preview/").status_code == 404
    changed = staff.get(f"{page}file/", follow=True)
    assert "保存したときの内容と違う" in text_of(changed)


def test_files_are_still_there_on_another_device(visitor, folder, quick):
    walk.begins(visitor)
    hands_in(visitor)
    number = Draft.objects.get().number
    visitor.client.cookies.clear()
    visitor.opens("/apply/resume/")
    visitor.fills("手続準備番号", number)
    visitor.fills("申請用パスワード", walk.PASSWORD)
    visitor.presses("続きを入力する")

    visitor.opens(f"{visitor.path}step/files/")
    visitor.presses("a.pdf")
    assert visitor.response.getvalue() == quick.content


def test_the_text_of_what_was_sent_is_no_page_that_breaks(visitor):
    walk.begins(visitor)
    home = visitor.path
    Draft.objects.update(application=make("検査申請受付中"), sealed=b"")

    for page in ("text/", "receipt/", "check/", "signature/", "step/user/", "step/files/", ""):
        assert visitor.client.get(home + page, follow=True).status_code < 500
    assert Application.objects.exists()
