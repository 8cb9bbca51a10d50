"""What was done is said: a panel that takes the focus, and a title of its own, for every act."""

import re

import pytest

from applications.models import PaymentMethod
from koss.ground import clock
from payments.demo import payers
from payments.models import PaymentInformation
from tests import payer_pages, user_pages
from tests.every_page import fills_in_a_code, issues_for_a_vehicle, key_of, reads
from tests.receivers import code_of, ready_for_receiver, registered
from tests.rules.payments import numbers
from tests.signing_in import signs_in, signs_in_to_my_page, signs_in_to_pay
from tests.staff import signed_in
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

BATCH = "検査手数料等まとめ払い中"


def withdraws(visitor, make):
    signs_in(visitor, make("検査申請補正待ち"))
    visitor.presses("申請を取り下げる")
    visitor.presses("OK")


def corrects(visitor, make):
    signs_in(visitor, make("検査申請補正待ち"))
    visitor.presses("申請を補正する")
    visitor.fills("使用者名", "軽自　次郎")
    visitor.presses("補正内容を確認する")
    visitor.presses("補正を申請する")


def takes_a_number(visitor, make):
    make("自動車重量税まとめ払い中")
    signs_in_to_pay(visitor)
    payer_pages.takes_a_number(visitor)


def withdraws_a_batch(visitor, make):
    make(BATCH, numbered=True)
    signs_in_to_pay(visitor)
    payer_pages.withdraws_a_batch(visitor)


def pays(visitor, make):
    application = make("検査手数料等納付待ち", numbered=True)
    signs_in(visitor, application)
    visitor.presses("納付")
    page = visitor.path
    payers.settle(numbers.of(application), clock.now())
    visitor.opens(f"{page}return/")


def orders_a_debit(visitor, make):
    make(BATCH, payment_method=PaymentMethod.DIRECT)
    payers.make(clock.now())
    signs_in_to_pay(visitor)
    payer_pages.checks_a_debit(visitor)
    visitor.chooses("納付期限の日に引き落とす")
    visitor.presses("引き落としを申し込む")


def cancels_a_debit(visitor, make):
    orders_a_debit(visitor, make)
    information = PaymentInformation.objects.latest("pk")
    handle = visitor.path.split("/")[2]
    visitor.opens(f"/payment/{handle}/direct/{information.reference}/cancel/")
    visitor.presses("OK")


def user(way):
    def act(visitor, make):
        payers.make(clock.now())
        way(visitor)

    return act


def applies_for_an_account(visitor, make):
    payers.payment_user(now=clock.now())
    user_pages._fills_in_an_account(visitor)
    visitor.presses("申し込む")


def changes_the_password(visitor, make):
    payers.make(clock.now())
    visitor.opens("/mypage/password/")
    for label, value in (
        ("納付利用者ID", payers.PAYER),
        ("現在のパスワード", payers.PASSWORD),
        ("新しいパスワード", "Atarashii-2026"),
        ("新しいパスワード（確認用）", "Atarashii-2026"),
    ):
        visitor.fills(label, value)
    visitor.presses("変更")


def sets_the_bulk_password(visitor, make):
    payers.make(clock.now())
    signs_in_to_my_page(visitor)
    visitor.presses("一括利用者パスワード初期化")
    visitor.fills("新しいパスワード", "Atarashii-2026")
    visitor.fills("新しいパスワード（確認用）", "Atarashii-2026")
    visitor.presses("初期化")


def issues_a_code(visitor, make):
    fills_in_a_code(visitor)


def issues_a_vehicles_code(visitor, make):
    signs_in(visitor, make("返付準備完了"))
    issues_for_a_vehicle(visitor)


def staff_reject(visitor, make):
    application = make("検査申請審査中")
    visitor.client = signed_in("reviewer")
    visitor.opens(f"/admin/applications/application/{application.pk}/change/")
    visitor.presses("却下する")
    visitor.fills("理由", "不備があります。")
    visitor.presses("却下する")


def hands_over(visitor, make):
    registered()
    ready_for_receiver(annual_tax_confirmed=True)
    visitor.client = signed_in("counter")
    reads(visitor, code_of().lookup_key)
    visitor.ticks("受け取りに来た方と、渡す交付物を確認しました")
    visitor.presses("まとめて渡す")


def registers_a_receiver(visitor, make):
    issuer = Visitor()
    fills_in_a_code(issuer)
    visitor.client = signed_in("counter")
    reads(visitor, key_of(issuer))
    for box in (
        "団体の身分証明書のコピーを受け取り、確認しました",
        "書面の名前と受取者名が、1文字ずつ同じであることを確認しました",
    ):
        visitor.ticks(box)
    visitor.presses("受取者を登録する")


ACTS = {
    "申請の取り下げを受け付けました": withdraws,
    "補正を申請しました": corrects,
    "納付番号の取得を受け付けました": takes_a_number,
    "取り下げを受け付けました": withdraws_a_batch,
    "納付を確認しました": pays,
    "引き落としの申し込みを受け付けました": orders_a_debit,
    "引き落としを取り消しました": cancels_a_debit,
    "口座を申し込みました": applies_for_an_account,
    "利用者情報を変更しました": user(user_pages._changes_a_detail("変更")),
    "利用者IDを発行しました": user(user_pages._is_issued),
    "納付利用者パスワードを変更しました": changes_the_password,
    "一括利用者パスワードを設定し直しました": sets_the_bulk_password,
    "二次元コードを発行しました": issues_a_code,
    "二次元コードを発行しました 二次元コード確認 継続検査": issues_a_vehicles_code,
    "受付番号": staff_reject,
    "1件の交付物を渡しました": hands_over,
    "新規登録を記録しました": registers_a_receiver,
}


@pytest.mark.parametrize("words", ACTS)
def test_an_act_is_followed_by_its_words(visitor, an_application, bank, words):
    ACTS[words](visitor, an_application)

    title = re.search(r"<title>(.*?)</title>", visitor.html, re.S)[1].strip()
    assert title.startswith(words)
    first, *_ = [each for each in visitor.page.all("div", "p") if "autofocus" in each.attributes]
    assert (first["role"], first["tabindex"]) == ("status", "-1")
    assert words.split(" ")[0] in first.text


def test_it_is_said_only_while_it_is_the_newest_move(visitor, an_application):
    page = signs_in(visitor, an_application("検査申請補正待ち"))
    visitor.opens(f"{page}?done=withdraw")
    visitor.does_not_see("取り下げを受け付けました")
    visitor.sees("通知等があります")


def test_the_title_of_the_status_page_says_the_status(visitor, an_application):
    signs_in(visitor, an_application("検査申請補正待ち"))
    assert "<title>検査申請補正待ち 状況照会 申請状況確認 継続検査 |" in visitor.html


def test_no_two_screens_of_paying_have_the_same_title(visitor, an_application, bank):
    application = an_application("検査手数料等納付待ち", numbered=True)
    page = signs_in(visitor, application)
    titles = []

    def looks():
        titles.append(re.search(r"<title>(.*?)</title>", visitor.html, re.S)[1])

    visitor.presses("納付")
    looks()
    paying = visitor.path
    visitor.chooses("東京三葉銀行")
    visitor.presses("次へ")
    looks()
    visitor.opens(f"{paying}return/")
    looks()
    payers.settle(numbers.of(application), clock.now())
    visitor.opens(f"{paying}return/")
    looks()
    visitor.opens(paying)
    looks()
    visitor.opens(page)
    looks()
    assert len(set(titles)) == 6
