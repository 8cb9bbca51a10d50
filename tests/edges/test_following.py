"""申請一覧 and お知らせの受け取り方 on マイページ, the calendar, and whom none of it is shown."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as portal
from icalendar import Calendar

from applications.following import calendar_address, listing
from applications.inquiry import signing_in
from applications.models import Application, Channel, HistoryEntry, PaymentMethod
from applications.status import MoveName
from koss.ground import clock, numbers
from koss.mail import outbox
from koss.models import OutgoingMail
from payments.demo import payers
from payments.models import CalendarAddress, MorningMail, PaymentUser
from tests.signing_in import PASSWORD, signs_in, signs_in_to_my_page
from tests.visitor import Visitor

pytestmark = [pytest.mark.databases, pytest.mark.django_db]

BATCH = {"payment_method": PaymentMethod.BATCH}
AGENT = BATCH | {"payer_is_agent": True}
SENT = {"channel": Channel.BULK, "bulk_id": payers.BULK_ID}
FEES, TO_CORRECT = "検査手数料等まとめ払い中", "検査申請補正待ち"
LIST = "申請一覧"


@pytest.fixture
def user():
    return payers.payment_user(bulk_id=payers.BULK_ID)


@pytest.fixture
def payer(user, visitor):
    """Somebody who is signed in on マイページ. ``list``: where the list is."""
    visitor.list = signs_in_to_my_page(visitor) + "applications/"
    return visitor


def presses_open(payer, application, **sent):
    """As the button of the row does."""
    return payer.client.post(f"{payer.list}open/", {"application": application.pk, **sent})


class TestTheList:
    def test_it_says_of_each_what_its_status_page_says(self, payer, an_application):
        application = an_application(TO_CORRECT, **AGENT)
        an_application("検査申請審査中", payer="KNCD5678", **BATCH)

        payer.presses(LIST)

        heads, [row] = payer.table(LIST)
        assert heads[:6] == [
            "受付番号と手続",
            "車両",
            "申請状況",
            "次に行うこと",
            "いま動くのは",
            "期限日",
        ]
        payer.presses("申請状況を開く")
        payer.sees("状況照会 申請状況確認", row[3], "申請一覧へ戻る")
        assert application.receipt_number[-5:] in row[0]
        assert row[4] == "あなた"
        assert "あと" in row[5]
        payer.presses("申請一覧へ戻る")
        payer.sees(application.plate)

    def test_counts_lead_to_what_they_count(self, payer, an_application):
        made = [an_application("検査申請審査中", **SENT) for _ in range(2)]
        an_application(FEES)
        payer.opens(payer.list)

        payer.presses("検査申請審査中 2件")

        _heads, rows = payer.table(LIST)
        assert len(rows) == len(made)
        payer.presses("すべて 3件")
        assert len(payer.table(LIST)[1]) == 3

    def test_what_is_typed_stands_in_no_address(self, payer, an_application):
        found = an_application(FEES, "新車", user_name="六本木商事")
        an_application(FEES, plate="品川 - 580 - す - 9999")
        payer.opens(payer.list)
        payer.fills("番号・名前で探す", "六本木")
        payer.presses("この条件で絞り込む")

        assert "六本木" not in payer.path
        assert [row[0][:4] for row in payer.table(LIST)[1]] == [found.receipt_number[:4]]
        file = re.search(r'href="([^"]+/csv/[^"]*)"', payer.html)[1]
        lines = b"".join(payer.client.get(file).streaming_content)
        assert lines.count(b"\r\n") == 2
        payer.fills("番号・名前で探す", "銀座")
        payer.presses("この条件で絞り込む")
        payer.sees("条件に合う申請はありません。")
        payer.presses("絞り込みをやめる")
        assert len(payer.table(LIST)[1]) == 2

    def test_a_fault_is_told_beside_the_field(self, payer, an_application):
        an_application(FEES)
        payer.opens(payer.list)
        payer.fills("番号・名前で探す", "あ" * 101)
        payer.presses("この条件で絞り込む")

        payer.sees("100文字以内で入力してください。")
        assert payer.field("番号・名前で探す")["value"] == "あ" * 101

    def test_pages_lead_on_and_back(self, payer, an_application, monkeypatch):
        monkeypatch.setattr(listing, "PER_PAGE", 2)
        for _ in range(3):
            an_application(FEES)
        payer.opens(payer.list)
        payer.presses("古いほうへ")
        assert len(payer.table(LIST)[1]) == 1
        payer.presses("新しいほうへ")
        assert len(payer.table(LIST)[1]) == 2

    @pytest.mark.parametrize(
        "query",
        ["?after=x", "?before=1.1", "?after=1.1", "?search=nobodys", "?status=x"],
    )
    def test_an_address_that_says_nothing_shows_everything(self, payer, an_application, query):
        an_application(FEES)

        payer.opens(payer.list + query)

        assert len(payer.table(LIST)[1]) == 1

    def test_without_applications_it_says_what_to_do(self, payer):
        payer.opens(payer.list)

        payer.sees("この利用者IDの申請は、まだありません", "まとめ納付管理ファイル")
        assert payer.can_press("申請を行う")


class TestOpening:
    @pytest.mark.parametrize("fields", [AGENT, SENT], ids=["entrusted", "sent in bulk"])
    def test_an_agent_needs_no_password(self, payer, an_application, fields):
        response = presses_open(payer, an_application("検査申請審査中", **fields))

        payer.opens(response["Location"])
        payer.sees("状況照会 申請状況確認", "検査申請審査中")

    def test_who_only_pays_is_asked_for_it_with_the_number_filled_in(self, payer, an_application):
        application = an_application("検査申請審査中", **BATCH)
        payer.opens(payer.list)
        payer.sees("パスワードが必要")

        payer.presses("申請状況を開く")

        shown = payer.field("受付番号（到達番号）")["value"]
        assert shown == numbers.grouped(application.receipt_number)
        payer.fills("申請用パスワード", PASSWORD)
        payer.presses("ログイン")
        payer.sees("検査申請審査中")
        payer.does_not_see("申請一覧へ戻る")

    def test_anothers_application_does_not_exist(self, payer, an_application):
        theirs = an_application("検査申請審査中", payer="KNCD5678", payer_is_agent=True, **BATCH)
        nobodys = an_application("検査申請審査中")

        for application in (theirs, nobodys):
            assert presses_open(payer, application).status_code == 404
        assert payer.client.post(f"{payer.list}open/", {"application": "x"}).status_code == 404
        assert payer.client.get(f"{payer.list}open/").status_code == 405

    def test_another_browser_opens_neither_list_nor_page(self, payer, an_application):
        page = presses_open(payer, an_application("検査申請審査中", **SENT))["Location"]

        for path in (payer.list, f"{payer.list}csv/", page):
            assert Visitor().client.get(path).status_code == 302
        stranger = Visitor().client.post(f"{payer.list}open/", {"application": "1"})
        assert stranger.status_code == 302

    @pytest.mark.parametrize(
        "change",
        [
            {"version": 7},
            {"staff_locked_at": clock.at(clock.day(clock.system_now()))},
            {"password_set_at": clock.system_now() - timedelta(days=61)},
            {"bulk_id": "KIXX0000"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_what_was_opened_ends_with_the_right_to_it(self, payer, an_application, change):
        page = presses_open(payer, an_application("検査申請審査中", **SENT))["Location"]
        assert payer.client.get(page).status_code == 200

        PaymentUser.objects.update(**change)

        assert "/status/login/" in payer.client.get(page)["Location"]
        assert "/status/login/" in payer.client.post(f"{page}withdrawal/")["Location"]

    def test_a_withdrawal_from_there_names_who_made_it(self, payer, an_application):
        payer.opens(presses_open(payer, an_application(FEES, **AGENT))["Location"])
        payer.presses("申請を取り下げる")
        payer.presses("OK")

        entry = HistoryEntry.objects.get(move=MoveName.WITHDRAW)
        assert (entry.actor, entry.by) == ("applicant", payers.PAYER)

    def test_a_press_takes_few_queries(self, payer, an_application, django_assert_num_queries):
        application = an_application("検査申請審査中", **SENT)
        with django_assert_num_queries(6):  # handle, user, two strands, what waits, the new handle
            page = presses_open(payer, application)["Location"]
        with django_assert_num_queries(7):  # one more than for the applicant
            payer.client.get(page)


class TestTheMorningMail:
    def test_it_is_chosen_and_given_up(self, payer):
        payer.opens(payer.list.replace("applications", "following"))
        payer.sees("まとめずにすぐお送りします")
        for way, count in (("朝に1通にまとめて受け取る", 1), ("変わるたびに1通ずつ受け取る", 0)):
            payer.chooses(way)
            payer.presses("変更")

            payer.sees("お知らせメールの受け取り方を変更しました。")
            assert MorningMail.objects.count() == count

    def test_a_way_that_there_is_none_changes_nothing(self, payer):
        page = payer.list.replace("applications", "following")

        response = payer.client.post(f"{page}mail/", {"way": "never"})

        assert "エラー" in response.content.decode()
        assert not MorningMail.objects.exists()


class TestTheLanguageOfMails:
    def test_the_payer_reads_in_theirs_and_the_applicant_as_they_applied(
        self, payer, user, an_application
    ):
        payer.opens(payer.list.replace("applications", "following"))
        payer.chooses("English")
        payer.presses("言語を変更する")
        payer.sees("メールの言語を変更しました。")
        OutgoingMail.objects.all().delete()

        an_application("検査申請受付中", email="a@gyosei.example", **BATCH)

        mails = {mail.to: outbox.read(mail)[0] for mail in OutgoingMail.objects.all()}
        assert mails[user.status_email].startswith("Your application has been received")
        assert mails["a@gyosei.example"].startswith("申請を受け付けました")

    def test_another_language_changes_nothing(self, payer, user):
        page = payer.list.replace("applications", "following")

        response = payer.client.post(f"{page}language/", {"language": "xx"})

        assert "エラー" in response.content.decode()
        assert PaymentUser.objects.get(pk=user.pk).language == "ja"


@pytest.fixture
def address(user):
    calendar_address.make(user, now=clock.now())
    return calendar_address.of(user)


def path_of(address):
    return calendar_address.in_full(address).removeprefix(portal.KOSS_ORIGIN)


class TestTheCalendar:
    def test_it_is_made_shown_again_renewed_and_revoked(self, payer):
        page = payer.list.replace("applications", "following")
        payer.opens(page)
        payer.presses("カレンダーのアドレスを作る")
        first = calendar_address.of(PaymentUser.objects.get())
        payer.opens(page)
        payer.sees(calendar_address.in_full(first))
        assert payer.client.get(path_of(first)).status_code == 200

        payer.presses("新しいアドレスに替える")
        second = calendar_address.of(first.user)
        assert payer.client.get(path_of(first)).status_code == 404
        assert payer.client.get(path_of(second)).status_code == 200

        payer.presses("このアドレスを無効にする")
        payer.sees("無効にしました")
        assert payer.client.get(path_of(second)).status_code == 404

    @pytest.mark.parametrize("act", ["renew", "revoke"])
    def test_a_page_of_before_changes_nothing(self, payer, address, act):
        page = payer.list.replace("applications", "following")
        payer.opens(page)
        calendar_address.renew(address.user, address.reference, now=clock.now())
        now_it_is = calendar_address.of(address.user).reference

        response = payer.client.post(f"{page}calendar/", {"act": act, "seen": address.reference})

        assert response.status_code == 409
        assert "変更しませんでした" in response.content.decode()
        assert calendar_address.of(address.user).reference == now_it_is

    def test_it_has_every_deadline_and_no_name(self, client, address, an_application):
        ours = [an_application(FEES), an_application(TO_CORRECT, **SENT)]
        an_application(
            FEES, numbered=True, payment_method=PaymentMethod.DIRECT
        )  # debited by itself
        an_application(FEES, payer="KNCD5678")
        an_application("検査申請審査中", **BATCH)

        content = client.get(path_of(address)).content

        events = Calendar.from_ical(content).walk("VEVENT")
        assert {event["dtstart"].dt for event in events} == {each.deadline for each in ours}
        assert len(events) == 2
        text = content.decode().replace("\r\n ", "")
        assert text.count(ours[0].plate) == 2 * 3  # said by the event and its two reminders
        people = ("applicant_name", "user_name", "receipt_number", "chassis_number")
        assert [name for name in people if getattr(ours[0], name) in text] == []

    def test_it_stays_the_same_until_something_changes(self, client, address, an_application):
        application = an_application(FEES)
        first = client.get(path_of(address))
        assert "private" in first["Cache-Control"]
        known = {"If-None-Match": first["ETag"]}

        with time_machine.travel(clock.system_now() + timedelta(minutes=5)):
            assert client.get(path_of(address), headers=known).status_code == 304
        Application.objects.filter(pk=application.pk).update(plate="品川 - 580 - す - 1")
        assert client.get(path_of(address), headers=known).status_code == 200

    def test_it_is_read_so_often_and_no_more(self, client, address, monkeypatch):
        monkeypatch.setattr(calendar_address, "READS", 2)
        with time_machine.travel(clock.system_now(), tick=False) as moment:
            codes = [client.get(path_of(address)).status_code for _ in range(3)]
            assert codes == [200, 200, 429]
            assert client.get(path_of(address))["Retry-After"] == "3600"
            moment.shift(timedelta(hours=1))
            assert client.get(path_of(address)).status_code == 200

    @pytest.mark.parametrize("change", ["reference", "signature", "another's", "locked"])
    def test_any_other_address_opens_nothing(self, client, address, change):
        path = path_of(address)
        if change == "locked":
            PaymentUser.objects.update(staff_locked_at=clock.now())
        elif change == "another's":
            other = payers.payment_user("KNCD5678")
            calendar_address.make(other, now=clock.now())
            theirs = calendar_address.of(other)
            path = path.replace(address.reference, theirs.reference)
        else:
            part = path.split("/")[2 if change == "reference" else 3]
            path = path.replace(part, part[::-1])

        assert client.get(path).status_code == 404

    def test_queries(self, client, address, an_application, django_assert_num_queries):
        for _ in range(2):
            an_application(FEES)
            with django_assert_num_queries(7):  # lock, note it; two strands, charges
                client.get(path_of(address))

    def test_no_row_holds_what_opens_it(self, address):
        signature = path_of(address).split("/")[3]

        assert len(signature) > 40
        stored = CalendarAddress.objects.values().get()
        assert signature not in str(stored)


def test_an_applicants_own_sign_in_needs_nobody_to_vouch(visitor, an_application, monkeypatch):
    monkeypatch.setattr(signing_in, "still_open", [])

    signs_in(visitor, an_application("検査申請審査中"))
