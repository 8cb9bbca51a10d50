"""What staff note in the file of an application beside the moves."""

import pytest
from django.contrib.admin.models import LogEntry

from applications.models import Application
from koss.admin_kit import log
from tests.staff import signed_in, text_of
from tests.world import make

pytestmark = pytest.mark.django_db

LIST = "/admin/applications/application/"


def page(application):
    return f"{LIST}{application.pk}/change/"


def values(application):
    return Application.objects.values().get(pk=application.pk)


def test_an_attachment_is_marked_and_the_mark_is_logged():
    application = make("検査申請審査中")
    attachment = application.attachments.get(kind="safety_certificate")
    before = values(application)
    client = signed_in("reviewer")
    assert "取得済にする （保安基準適合証）" in text_of(client.get(page(application)))

    for _ in range(2):
        answer = client.post(
            f"{LIST}{application.pk}/attachment/{attachment.pk}/", {"state": "obtained"}
        )
        assert answer.url == page(application)

    attachment.refresh_from_db()
    assert attachment.state == "obtained"
    entry = LogEntry.objects.get()
    assert (entry.user.username, log.words(entry)) == ("reviewer", "保安基準適合証：取得済")
    assert "保安" not in entry.change_message
    assert values(application) == before
    assert application.history.count() == application.version
    history = client.get(f"{LIST}{application.pk}/history/")
    assert "保安基準適合証：取得済" in text_of(history)


def test_an_attachment_of_another_application_is_not_reached():
    mine, other = make("検査申請審査中"), make("検査申請審査中")
    attachment = other.attachments.first()

    answer = signed_in("reviewer").post(
        f"{LIST}{mine.pk}/attachment/{attachment.pk}/", {"state": "obtained"}
    )

    assert answer.status_code == 404
    attachment.refresh_from_db()
    assert attachment.state == "missing"


@pytest.mark.parametrize("state", ["", "x", "obtained "])
def test_an_unknown_state_changes_nothing(state):
    application = make("検査申請審査中")
    attachment = application.attachments.first()

    signed_in("reviewer").post(
        f"{LIST}{application.pk}/attachment/{attachment.pk}/", {"state": state}
    )

    attachment.refresh_from_db()
    assert attachment.state == "missing"
    assert not LogEntry.objects.exists()


def test_a_closed_file_takes_no_marks():
    application = make("検査申請却下")
    attachment = application.attachments.first()
    client = signed_in("reviewer")
    assert "取得済にする" not in text_of(client.get(page(application)))

    answer = client.post(
        f"{LIST}{application.pk}/attachment/{attachment.pk}/", {"state": "obtained"}
    )

    assert "手続の終わった申請には記録できません。" in text_of(client.get(answer.url))


@pytest.mark.parametrize(
    ("typed", "meaning", "words"),
    [("yes", True, "確認できた"), ("no", False, "確認できなかった"), ("", None, "未確認")],
)
def test_the_annual_tax_is_noted(typed, meaning, words):
    application = make("検査申請審査中", annual_tax_confirmed=not meaning)
    client = signed_in("reviewer")

    client.post(f"{LIST}{application.pk}/annual-tax/", {"confirmed": typed})

    application.refresh_from_db()
    assert application.annual_tax_confirmed is meaning
    assert log.words(LogEntry.objects.get()) == f"軽自動車税種別割の納付確認：{words}"
    assert f"軽自動車税種別割の納付確認 {words}" in text_of(client.get(page(application)))


def test_a_new_vehicle_is_not_asked_for_its_annual_tax():
    application = make("検査申請審査中", "新車")

    assert "種別割" not in text_of(signed_in("reviewer").get(page(application)))


@pytest.mark.parametrize("role", ["reviewer", "tax_office", "counter"])
def test_an_announcement_is_shown_and_ended(role):
    application = make("返付準備完了")
    client = signed_in(role)
    text = "窓口は16:00までです。"

    for _ in range(2):
        client.post(f"{LIST}{application.pk}/announcement/", {"text": text})
    [notice] = application.notices.all()
    assert (notice.by, notice.reason) == (role, text)
    assert text in text_of(client.get(page(application)))

    answer = client.post(f"{LIST}{application.pk}/announcement/{notice.pk}/end/")

    assert "お知らせの掲載を終えました。" in text_of(client.get(answer.url))
    notice.refresh_from_db()
    assert notice.answered_at is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "申請者へのお知らせを入力してください。"),
        ("あ" * 1001, "申請者へのお知らせは1000文字以内で入力してください。"),
    ],
)
def test_a_fault_of_an_announcement_is_told_beside_the_field(text, message):
    application = make("検査申請審査中")

    answer = signed_in("reviewer").post(f"{LIST}{application.pk}/announcement/", {"text": text})

    assert answer.status_code == 200
    assert message in text_of(answer)
    assert not application.notices.exists()


def test_only_announcements_can_be_ended():
    application = make("検査申請補正待ち")
    order = application.notices.get()

    answer = signed_in("reviewer").post(f"{LIST}{application.pk}/announcement/{order.pk}/end/")

    assert answer.status_code == 404
    assert application.notices.open_corrections().get() == order


def test_the_file_in_the_order_of_the_status_page():
    application = make("検査申請審査中", through=["awaiting_correction"])

    said = text_of(signed_in("reviewer").get(page(application)))

    rest = said
    for words in (
        "現在の申請状況",
        "検査申請審査中",
        "申請年月日",
        "受付番号",
        "車両番号",
        "車台番号",
        "申請者名",
        "使用者名",
        "申請先軽自動車検査協会事務所等",
        "記録等事務代行者委託番号",
        "添付書類取得状況",
        "自動車損害賠償責任保険（共済）証明書",
        "軽自動車検査協会事務所等審査状況",
        "納付情報",
        "検査手数料",
        "技術情報管理手数料",
        "交付物の受け取りに関する情報",
        "お知らせ",
        "通知等情報",
        "補正前",
        "補正後",
        "これまでの経過",
        "申請の受付",
        "受付チェックを完了する",
        "納付の確認",
        "補正を指示する",
        "補正を申請する",
        "送信メール",
        "keiji@gyosei.example",
    ):
        before, found, rest = rest.partition(words)
        assert found, f"{words} does not follow {before[-60:]}"


def test_the_password_of_an_application_is_nowhere():
    application = make("検査申請審査中")
    client = signed_in("reviewer", superuser=True)

    for path in (LIST, page(application)):
        assert application.password not in client.get(path).content.decode()


def test_a_page_that_is_not_there():
    client = signed_in("reviewer")

    for key in ("0", "999999", "x", "9" * 30, "1/2"):
        assert client.get(f"{LIST}{key}/change/").status_code == 404
