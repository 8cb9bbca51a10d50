"""【申請共通】申請取り下げの操作手順 Ver 1.4, part 2."""

import pytest

from applications.intake import entry
from koss.ground import clock
from koss.models import OutgoingMail
from koss.operation import night
from payments.demo import payers
from payments.models import PaymentInformation
from payments.numbers import numbering, taking
from tests.signing_in import signs_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
FEES = "検査手数料等まとめ払い中"


@pytest.fixture
def batch(an_application, bank):
    """A number for two applications, with the agency's answer."""
    rows = [an_application(FEES, status_email="status@gyosei.example") for _number in range(2)]
    user = payers.payment_user()
    [information] = taking.take(user, [row.pk for row in rows], now=clock.now())
    return numbering.fetch(information, now=clock.now())


def morning():
    """The day whose early morning ends what is withdrawn now."""
    day = clock.morning_after(clock.today(), clock.now())
    return f"{day.year}年 {day.month:02}月 {day.day:02}日"


def applications_of(batch):
    return [line.charge.application for line in batch.lines.filter(charge__kind="inspection_fee")]


def from_the_bulk_menu(visitor):
    """①-A-1, ①-A-2"""
    visitor.opens("/")
    visitor.presses("こちら 一括申請")
    visitor.presses("納付を行う")


def from_the_screen_menu(visitor):
    """①-B: 事前の準備が整った方, 画面申請の方"""
    visitor.opens("/")
    visitor.sees_in_order("事前の準備が整った方", "画面申請の方", "まとめ納付を行う")
    visitor.presses("まとめ納付を行う")


def signs_in_and_searches(visitor):
    visitor.sees("納付ログイン")
    visitor.fills("納付利用者ID", payers.PAYER)  # ②
    visitor.fills("納付利用者パスワード", payers.PASSWORD)
    visitor.presses("ログイン")
    visitor.sees("納付メニュー")
    visitor.presses("まとめ納付情報選択")  # ③
    visitor.sees_in_order(
        "検索条件入力", "業務種別", "税・手数料種別", "納付期限（自）", "納付期限（至）",
        "納付番号", "受付番号", "まとめ納付状況",
    )  # fmt: skip
    visitor.presses("検索")  # ④
    visitor.sees("まとめ納付情報確認", "現在の検索条件")  # ⑤


def the_next_morning():
    day = clock.today()
    night.run(day, now=clock.night_begins(day))


@pytest.mark.parametrize("way", [from_the_bulk_menu, from_the_screen_menu])
def test_withdrawing_a_batch(visitor, batch, way):
    """2. まとめ納付情報確認画面から申請を取り下げる"""
    way(visitor)
    signs_in_and_searches(visitor)
    visitor.sees(
        "詳細", "納付", "取り下げ", batch.confirmation_number,
        "1日の取扱限度額", "しばらくしてから、検索からやり直してください",
    )  # fmt: skip

    visitor.presses("詳細")  # 注意事項: look at what is in it first
    for application in applications_of(batch):
        visitor.sees(application.receipt_number[:4])
    visitor.presses("まとめ納付情報確認へ戻る")
    visitor.presses("取り下げ")  # ⑥
    visitor.sees(
        "詳細に表示されるすべての申請が、翌朝（",
        f"{morning()}の午前5時以降）、検査申請無効となります",
        "取り消すことはできません",
        "取り下げますか",
        "引き継ぐことはできません",
    )
    visitor.does_not_see("納付ボタンがすでに押されています")
    visitor.presses("OK")

    visitor.sees(
        "取り下げを受け付けました", f"翌朝（{morning()}の午前5時以降）", "引き継ぐこともできません"
    )
    visitor.presses("まとめ納付情報確認へ戻る")
    visitor.sees("取り下げ受付済")
    assert not visitor.can_press("取り下げ")
    assert not visitor.can_press("納付")


def test_nothing_moves_until_the_next_morning(visitor, batch):
    from_the_bulk_menu(visitor)
    signs_in_and_searches(visitor)
    visitor.presses("取り下げ")
    visitor.presses("OK")

    for application in applications_of(batch):
        applicant = Visitor()
        signs_in(applicant, application)
        applicant.sees_in_order("現在の申請状況", FEES)
        assert not applicant.can_press("申請を取り下げる")
    assert not OutgoingMail.objects.filter(template="invalid").exists()

    the_next_morning()

    for application in applications_of(batch):
        applicant = Visitor()
        signs_in(applicant, application)
        applicant.sees_in_order("現在の申請状況", "検査申請無効")
        mails = OutgoingMail.objects.filter(
            template="invalid", receipt_number=application.receipt_number
        )
        # … and the payer's own address, which carries no application.
        assert mails.count() == len(application.addresses) + 1
    visitor.opens(visitor.path)
    visitor.sees("取り下げが完了しました")


def test_once_pay_was_pressed_the_warning_is_stronger(visitor, batch):
    """⑥ 注意事項, second: 納付 was pressed, maybe by somebody else on another machine"""
    from_the_screen_menu(visitor)
    signs_in_and_searches(visitor)
    colleague = Visitor()
    from_the_bulk_menu(colleague)
    signs_in_and_searches(colleague)
    colleague.presses("納付")

    visitor.opens(visitor.path)
    visitor.presses("取り下げ")

    assert PaymentInformation.objects.get(pk=batch.pk).presses == 1
    visitor.sees(
        "納付ボタンがすでに押されています",
        "ほかの端末などで",
        "納付が済んでいないかを先に確かめ",
        f"翌朝（{morning()}の午前5時以降）、検査申請無効となります",
        "取り消すことはできません",
        "取り下げますか",
    )
    visitor.presses("OK")
    visitor.sees("取り下げを受け付けました")


def test_no_fee_is_carried_over(visitor, batch):
    """⑥ 注意事項: 再申請時に受付番号を設定しても、再納付不要にはなりません"""
    from_the_bulk_menu(visitor)
    signs_in_and_searches(visitor)
    visitor.presses("取り下げ")
    visitor.presses("OK")
    the_next_morning()

    for earlier in applications_of(batch):
        same = ("procedure", "channel", "office", "chassis_number", "weight_class")
        again = {name: getattr(earlier, name) for name in same}
        with pytest.raises(entry.NotCarriedOver):
            entry.take_in(now=clock.now(), encoded="!", earlier=earlier, **again)
