"""Paying, as far as 申請状況照会の操作手順 Ver2.1 and よくあるご質問 tell it."""

import pytest

from applications.models import PaymentMethod
from koss.ground import clock
from payments.demo import payers
from payments.models import AccountKind
from payments.money import settlements
from payments.numbers import numbering
from tests.rules.payments import numbers
from tests.signing_in import signs_in, signs_in_to_pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

# Status, the same for those who pay together, what is paid, and what follows.
PAYABLE = [
    (
        "検査手数料等納付待ち",
        "検査手数料等まとめ払い中",
        "検査手数料・技術情報管理手数料",
        "検査申請審査中",
    ),
    ("自動車重量税納付待ち", "自動車重量税まとめ払い中", "自動車重量税", "返付準備完了"),
    ("軽自動車税納付待ち", "軽自動車税まとめ払い中", "軽自動車税環境性能割", "交付準備完了"),
]


def rows_of_payment(visitor):
    _headings, rows = visitor.table("納付情報の表")
    return rows


@pytest.mark.parametrize(("status", "_together", "kind", "then"), PAYABLE)
def test_paying_individually(visitor, an_application, bank, status, _together, kind, then):
    """6. 申請状況の詳細, 1, 3 and 5; 3. ⑥ 納付情報, the column 納付"""
    page = signs_in(visitor, an_application(status))
    assert any("未納" in row for row in rows_of_payment(visitor))

    visitor.presses("納付")
    visitor.sees_in_order("納付手続", kind, "情報リンク方式", "オンライン方式")
    visitor.chooses("東京三葉銀行")
    visitor.presses("次へ")
    assert visitor.can_press("金融機関のサイトへ進む")
    settlements.receive(bank.settles(numbers.newest()), now=clock.now())  # at the bank

    visitor.opens(page)
    visitor.sees_in_order("現在の申請状況", then)
    paid = rows_of_payment(visitor)[-1 if "手数料" not in kind else 0]
    assert {"済", f"{clock.today():%Y年%m月%d日}"} <= set(paid)
    assert not visitor.can_press("納付")


@pytest.mark.parametrize(("_alone", "status", "kind", "then"), PAYABLE)
def test_paying_together(visitor, an_application, bank, _alone, status, kind, then):
    """6. 申請状況の詳細, 2, 4 and 6"""
    payers.payment_user()
    application = an_application(status)
    payers.take_number([application], now=clock.now())
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.presses("検索")

    visitor.presses("納付")
    visitor.sees_in_order("納付手続", kind, "情報リンク方式", "オンライン方式")
    settlements.receive(bank.settles(numbers.newest()), now=clock.now())  # at the bank

    application.refresh_from_db()
    assert application.get_status_display() == then


def test_the_four_steps_of_paying_together(visitor, an_application):
    """納付メニュー: 1. まとめ対象検索, 2. 納付番号取得, 3. 納付対象検索, 4. 納付; until then -"""
    payers.payment_user()
    an_application("検査手数料等まとめ払い中")
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付対象選択")
    visitor.presses("検索")
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.presses("納付番号取得")
    assert visitor.table("取得した納付番号")[1][0][0] == "-"

    visitor.presses("まとめ納付情報選択")
    visitor.presses("検索")
    assert visitor.table("納付情報の一覧")[1][0][:3] == ["-", "-", "-"]
    visitor.presses("詳細")
    assert [value for name, value in visitor.rows() if "番号" in name] == ["-", "-", "-"]
    numbering.fetch_number.call(numbers.newest().pk)  # the worker asks the agency
    visitor.presses("まとめ納付情報確認へ戻る")
    assert visitor.table("納付情報の一覧")[1][0][2] == numbers.newest().confirmation_number
    visitor.presses("納付")
    visitor.sees_in_order("納付手続", "情報リンク方式", numbers.newest().confirmation_number)


@pytest.mark.parametrize("status", ["検査手数料等納付待ち", "自動車重量税納付待ち"])
def test_what_is_needed_to_pay_stands_on_the_status_page(visitor, an_application, status):
    """よくあるご質問: 税・手数料の納付に必要な情報はどこから ①"""
    page = signs_in(visitor, an_application(status))
    visitor.presses("納付")
    visitor.opens(page)

    number = numbers.newest()
    row = next(row for row in rows_of_payment(visitor) if number.confirmation_number in row)
    assert row[0] == number.agency_number
    assert row[1].replace(" ", "") == number.payment_number


def test_who_pays_together_finds_it_behind_the_payment_login(visitor, an_application):
    """よくあるご質問: 税・手数料の納付に必要な情報はどこから ①, まとめ納付"""
    application = an_application("検査手数料等まとめ払い中")
    signs_in(visitor, application)
    assert not visitor.can_press("納付")

    payers.take_number([application], now=clock.now())
    signs_in_to_pay(visitor)
    visitor.presses("まとめ納付情報選択")
    visitor.presses("検索")
    visitor.sees(numbers.newest().confirmation_number)


def test_how_to_apply_for_direct_payment(visitor):
    """よくあるご質問: ダイレクト納付をするために必要な申し込み方法"""
    payers.payment_user()
    signs_in_to_pay(visitor)
    visitor.presses("ダイレクト納付対象・情報選択")

    visitor.sees("先に「マイページ」で口座を登録してください")
    visitor.presses("マイページ")
    visitor.sees("マイページログイン")


def test_paying_directly(visitor, an_application):
    """納付メニュー: ダイレクト納付対象検索, then 納付"""
    payers.account(AccountKind.NATIONAL, now=clock.now())
    an_application("検査手数料等まとめ払い中", payment_method=PaymentMethod.DIRECT)
    signs_in_to_pay(visitor)
    visitor.sees_in_order("1. ダイレクト納付対象検索", "2. 納付")

    visitor.presses("ダイレクト納付対象・情報選択")
    visitor.presses("検索")
    visitor.presses("条件に合うものをすべて選ぶ")
    visitor.presses("選択内容を確認する")
    visitor.presses("引き落としを申し込む")

    visitor.sees("引き落としの申し込みを受け付けました", "引き落とし予約")


def test_paying_is_consent_to_show_the_paper(visitor, an_application):
    """よくあるご質問: 軽自動車税種別割を納付したのですが"""
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=False))
    visitor.sees("軽自動車税種別割を納付した事実を電子的に確認できませんでした")
    visitor.presses("納付")

    visitor.sees_in_order(
        "納付の前に確認してください", "窓口で提示することに同意", "情報リンク方式"
    )
    visitor.chooses("東京三葉銀行")
    visitor.presses("次へ")

    assert numbers.newest().consented_at


def test_once_confirmed_there_is_nothing_to_consent_to(visitor, an_application):
    """よくあるご質問: … 書面の提示は不要"""
    signs_in(visitor, an_application("検査手数料等納付待ち", annual_tax_confirmed=True))
    visitor.presses("納付")

    visitor.does_not_see("同意")
