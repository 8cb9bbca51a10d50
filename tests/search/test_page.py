"""The page 検索結果, and the field in every header."""

from datetime import timedelta

import pytest

from applications.models import Office
from koss.ground import clock
from koss.models import News
from koss.portal.search import entries
from tests.signing_in import signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


def search(visitor, words):
    visitor.opens("/")
    visitor.fills("サイト内検索", words)
    visitor.presses("サイト内検索")


def results(visitor):
    return [
        (heading.text, link["href"])
        for listed in visitor.page.all("ol")
        if "koss-found__list" in listed["class"]
        for heading in listed.all("h2")
        for link in heading.all("a")
    ]


def marked(visitor):
    return {each.text for each in visitor.page.all("mark")}


def a_news(title, body="本文", **fields):
    fields = {"published_at": clock.now() - timedelta(days=1), **fields}
    return News.objects.create(title=title, body=body, **fields)


def test_from_any_page_to_the_answer(visitor):
    search(visitor, "くるまのしゃけんにいるもの")

    assert visitor.path == "/search/"
    visitor.sees("検索結果", "件")
    assert visitor.field("検索する言葉")["value"] == "くるまのしゃけんにいるもの"
    assert [each for each in visitor.page.all("meta") if each["content"] == "noindex"]
    assert "no-store" in visitor.response["Cache-Control"]
    title, address = results(visitor)[0]
    visitor.presses(title)
    assert visitor.status == 200
    assert visitor.path in address


def test_found_words_are_marked_in_their_own_spelling(visitor):
    search(visitor, "QRコード")

    assert "二次元コード" in marked(visitor)


def test_a_slip_is_told(visitor):
    search(visitor, "ぱすわーとを忘れた")

    visitor.sees("「ぱすわーと」は見つからないため、「ぱすわーど」で探しました。")
    assert "パスワード" in marked(visitor)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><b>車検</b>', "&lt;車検", "'車検'"]
)
def test_what_was_typed_is_text(visitor, words):
    a_news("<b>車検</b>のお知らせ", "<script>alert(1)</script>と車検")

    search(visitor, words)

    assert visitor.field("検索する言葉")["value"] == words
    assert not [each for each in visitor.page.all("script") if not each["src"]]
    assert not list(visitor.page.all("b"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "検索する言葉を入力してください。"),
        ("　 ", "検索する言葉を入力してください。"),
        ("車" * 201, "検索する言葉は200文字以内で入力してください。"),
    ],
)
def test_nothing_or_too_much(visitor, words, sentence):
    visitor.opens("/search/")
    visitor.does_not_see("入力内容を確認してください")
    visitor.fills("検索する言葉", words)
    visitor.presses("検索する")

    visitor.sees(sentence)
    assert visitor.field("検索する言葉")["value"] == words
    assert results(visitor) == []


@pytest.mark.parametrize("words", ["ゑゑゑゑ", "zzzzz", "どうすればいいですか", "🚗"])
def test_no_result_leads_on(visitor, words):
    search(visitor, words)

    visitor.sees("0件", "見つかりませんでした", "言葉を短くするか")
    [section] = [
        each for each in visitor.page.all("section") if each["aria-labelledby"] == "nothing"
    ]
    leads_to = {link["href"] for link in section.all("a")}
    assert leads_to == {"/prepared/", "/faq/", "/glossary/", "/sitemap/", "/contact/"}


def test_news_are_found_while_they_are_published(visitor):
    now = clock.now()
    shown = a_news("プラネタリウムの日", "ﾌﾟﾗﾈﾀﾘｳﾑが開きます。")
    a_news("プラネタリウムの下書き", is_draft=True)
    a_news("プラネタリウムの予告", published_at=now + timedelta(days=1))
    a_news("プラネタリウムの終わり", published_until=now - timedelta(hours=1))

    search(visitor, "ぷらねたりうむ")

    [(title, address)] = results(visitor)
    assert (title.replace(" ", ""), address) == ("プラネタリウムの日", f"/news/{shown.pk}/")
    assert marked(visitor) == {"プラネタリウム", "ﾌﾟﾗﾈﾀﾘｳﾑ"}


def test_offices_are_found_where_they_stand(visitor):
    office = Office.objects.order_by("order", "pk").last()

    search(visitor, f"{office.prefecture} 事務所")

    places = [address for _title, address in results(visitor) if "#prefecture-" in address]
    visitor.opens(places[0])
    ids = {each["id"]: each.text for each in visitor.page.all("h3")}
    assert ids[places[0].partition("#")[2]] == office.prefecture


def test_twenty_on_a_page(visitor):
    for number in range(45):
        a_news(f"プラネタリウム {number}")

    search(visitor, "プラネタリウム")
    assert len(results(visitor)) == 20
    visitor.sees("45件")
    visitor.opens("/search/?q=プラネタリウム&page=3")

    assert len(results(visitor)) == 5
    assert visitor.field("検索する言葉")["value"] == "プラネタリウム"
    visitor.opens("/search/?q=プラネタリウム&page=99")
    assert len(results(visitor)) == 5


def test_two_queries_however_much_there_is(client, django_assert_num_queries):
    client.get("/search/?q=車検")
    for _ in range(2):
        a_news("車検のお知らせ")
        with django_assert_num_queries(2):
            assert client.get("/search/?q=車検 お知らせ").status_code == 200
    for path in ("/search/", "/search/?q=", "/search/?q=どうすれば"):
        with django_assert_num_queries(0):
            assert client.get(path).status_code == 200


def test_the_oldest_news_are_read_in_their_list(monkeypatch, visitor):
    monkeypatch.setattr(entries, "NEWEST_NEWS", 1)
    a_news("プラネタリウムの昔", published_at=clock.now() - timedelta(days=9))
    a_news("きょうの話")

    search(visitor, "プラネタリウム")

    assert results(visitor) == []


def test_the_field_is_in_every_header(visitor, an_application):
    """On the screens of procedures in a tab of its own: what was typed there stays."""
    for path, target in {
        "/": "",
        "/faq/": "",
        "/no-such-page/": "",
        "/status/login/": "_blank",
    }.items():
        visitor.opens(path)
        form = visitor.field("サイト内検索").inside_of("form")
        assert (form["action"], form["target"]) == ("/search/", target), path
    signs_in(visitor, an_application("検査申請審査中"))
    assert visitor.field("サイト内検索").inside_of("form")["target"] == "_blank"
