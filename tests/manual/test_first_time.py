"""The menus, cards and links of the portal's pages, by the words on the screen.

【画面申請】申請状況照会の操作手順, 1; 【一括申請】二次元コード発行の操作手順, 1 and 5;
【申請共通】申請取り下げの操作手順, 2; よくあるご質問.
"""

import pytest

from koss.portal import pages
from tests.pages import read
from tests.signing_in import signs_in

pytestmark = pytest.mark.django_db

FIRST_TIME = [
    "軽自動車OSSとは",
    "申請をするための条件",
    "事前の準備（画面申請）",
    "PC環境の設定・確認",
    "電子証明書の取得",
    "電子納付のための準備",
    "利用者IDの発行",
    "記録等事務代行者への代行交付依頼",
    "事前の準備（一括申請）",
    "PC環境の設定・確認",
    "電子証明書の取得",
    "電子納付のための準備",
    "利用者IDの発行",
    "ダイレクト納付の利用登録",
    "二次元コードの発行",
    "記録等事務代行者への代行交付依頼",
    "各種手順等",
    "よくあるご質問",
    "用語集",
    "お問い合わせ",
]
PREPARED = {
    "画面申請の方": [
        "【使用者の作業】使用者の住所証明ファイルを作成する",
        "申請を行う",
        "申請状況の照会を行う",
        "個別納付を行う",
        "まとめ納付を行う",
        "申請した内容の補正を行う",
        "利用者情報の確認・変更を行う",
        "利用者IDの申請を一覧する",  # ours
    ],
    "一括申請の方": [
        "申請状況の照会を行う",
        "納付を行う",
        "申請した内容の補正を行う",
        "利用者情報の確認・変更を行う",
        "利用者IDの申請を一覧する",  # ours
    ],
}


def menu_of(visitor, number):
    """The words of a menu of the header, as links, in their order."""
    menu = list(visitor.page.all("details"))[number]
    return [link.text for link in menu.all("a")]


def test_the_header_and_its_two_menus(visitor):
    visitor.opens("/")

    visitor.sees_in_order("お問い合わせ", "よくあるご質問", "サイトマップ", "文字サイズ")
    assert menu_of(visitor, 0) == ["はじめての方", *FIRST_TIME]
    assert menu_of(visitor, 1) == [
        word for heading, entries in PREPARED.items() for word in (heading, *entries)
    ]


@pytest.mark.parametrize("title", pages.FIRST_TIME)
def test_breadcrumbs_lead_through_first_time(visitor, title):
    page = pages.BY_NAME[title]
    visitor.opens("/" + page.path)

    [crumbs] = [nav for nav in visitor.page.all("nav") if nav["aria-label"] == "現在の位置"]
    assert [each.text for each in crumbs.all("li")] == [
        "トップページ",
        "はじめての方",
        str(page.title),
    ]


def test_the_cards_of_the_top_page(visitor):
    visitor.opens("/")

    [aside] = visitor.page.all("aside")
    assert [link.text for link in aside.all("a")] == ["はじめての方", "よくあるご質問", "用語集"]
    visitor.presses("手続毎の詳細条件")
    visitor.sees_in_order(
        "申請をするための条件", "手続毎の詳細条件（継続検査）", "手続毎の詳細条件（新車）"
    )


@pytest.mark.parametrize(
    ("way", "heading", "buttons"),
    [
        ("こちら 画面申請", "画面申請の方", ["申請を行う", "状況の照会", "納付を行う"]),
        ("こちら 一括申請", "一括申請の方", ["状況の照会", "納付を行う", "申請の補正"]),
    ],
)
def test_the_cards_of_both_ways_to_apply(visitor, way, heading, buttons):
    visitor.opens("/")
    visitor.presses(way)

    visitor.sees_in_order(
        "はじめての方",
        "こちらから",
        "事前の準備が整った方 (主なメニュー)",
        *buttons,
        "事前の準備が整った方 (すべてのメニュー)",
        "こちらから",
        "はじめての方",
        "よくあるご質問",
        "用語集",
        "次回自動車重量税額照会サービス",
    )
    [first, everything] = [
        link["href"] for link in visitor.page.all("a") if link.text == "こちらから"
    ][:2]
    visitor.opens(first)
    visitor.sees_in_order(*(str(page.title) for page in pages.children("first_time")))
    visitor.opens(everything)
    [section] = [s for s in visitor.page.all("section") if heading in s.text]
    assert [link.text for link in section.all("a")] == PREPARED[heading]


@pytest.mark.parametrize(("way", "count"), [("prepare_screen", 5), ("prepare_bulk", 7)])
def test_the_steps_follow_each_other(visitor, way, count):
    steps = pages.STEPS[way]
    visitor.opens("/" + pages.BY_NAME[way].path)
    visitor.presses("ステップ 1 から始める")

    for step in steps[1:]:
        visitor.presses(f"ステップ {step.number}：{step.page.title}へ")
        visitor.sees_in_order(f"ステップ {step.number}", str(step.page.title), "戻る")
    assert len(steps) == count
    visitor.presses("戻る")
    assert visitor.path == "/" + pages.BY_NAME[way].path


def test_the_steps_do_what_they_explain(visitor):
    visitor.opens("/first/screen/user-id/")
    visitor.presses("こちらから")
    visitor.sees("利用者IDの発行", "内容を確認する")

    visitor.opens("/first/bulk/direct-payment/")
    visitor.presses("こちらから")
    visitor.sees("マイページログイン")


def test_the_site_map_has_every_page(visitor):
    visitor.opens("/")
    visitor.presses("サイトマップ")

    [main] = visitor.page.all("main")
    there = {link["href"] for link in main.all("a")}
    assert {"/" + page.path for page in pages.PAGES} - there == {"/sitemap/"}


def test_every_see_there_of_the_faq_has_its_page(visitor):
    """The targets that the original's answers name."""
    visitor.opens("/faq/")
    articles = {each["id"]: each for each in visitor.page.all("article")}
    named = {
        "what_is_oss": "/first/about/",
        "other_computers": "/first/screen/environment/",
        "security": "/security/",
        "what_to_prepare": "/first/screen/ /first/bulk/",
        "where_to_apply": "/apply/",
        "correction_ordered": "/status/login/ /first/procedures/#correction",
        "which_certificates": "/first/screen/certificate/ /first/bulk/certificate/",
        "how_to_pay": "/first/screen/electronic-payment/ /first/bulk/electronic-payment/",
        "how_to_collect": "/status/login/ /codes/",
        "which_procedures": "/service-area/",
        "how_far": "/status/login/ /first/procedures/#inquiry /statuses/",
        "payment_details": "/status/login/ /payment/login/ /first/procedures/#payment",
        "direct_payment": "/mypage/login/ /first/bulk/direct-payment/",
    }

    for anchor, targets in named.items():
        hrefs = {link["href"] for link in articles[anchor].all("a")}
        assert set(targets.split()) <= hrefs, anchor
    ids = {
        each["id"] for each in read(visitor.client.get("/first/procedures/").content.decode()).all()
    }
    assert {"correction", "withdrawal", "inquiry", "payment"} <= ids
    visitor.presses("戻る")
    visitor.sees("はじめての方")


def test_the_status_page_leads_to_what_its_status_means(visitor, an_application):
    signs_in(visitor, an_application("検査申請補正待ち"))
    [link] = [each for each in visitor.page.all("a") if each.text == "この申請状況の意味"]
    visitor.opens(link["href"])

    explained = {each["id"]: each.text for each in visitor.page.all("section")}
    assert "申請を補正する" in explained[link["href"].partition("#")[2]]
