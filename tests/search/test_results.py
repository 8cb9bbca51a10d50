"""The index: what is in it, how it is cut and ranked, and that each language has its own."""

import threading
from urllib.parse import unquote

import pytest
from django.utils import translation

from koss.portal.search import asked, entries, index, ranking
from koss.portal.search.entries import EntryKind, SearchEntry
from koss.portal.search.sections import sections_of
from koss.portal.search.vocabulary import Vocabulary
from tests import pages, pseudo


def found_in(some, typed):
    """Addresses of those of the entries ``some`` that answer ``typed``."""
    known = Vocabulary(some)
    words = asked.words_of(typed, known)
    return [each.url for each in ranking.ranked(typed, words, some, known)]


def entry(url, heading, text="", kind=EntryKind.PAGE):
    return SearchEntry(kind, url, heading, "", text)


def test_a_page_is_cut_where_it_can_be_linked_to():
    html = """<h1>out</h1><main><h1>title</h1><p>lead <b>in</b> one</p><nav><h2>no</h2>x</nav>
      <h2 id="a">A</h2><p>of a</p><p class="koss-actions">press</p><h3>no link</h3><p>more</p>
      <section id="b"><h2 id="c">B<span class="koss-term__reading">(be)</span></h2>of b
      <br>line<h3>below</h3>b too</section><p>of a again</p></main><p>out</p>"""

    cut = [(each.anchor, each.heading, each.reading, each.text) for each in sections_of(html)]

    assert cut == [
        ("", "", "", "lead in one"),
        ("a", "A", "", "of a no link more of a again"),
        ("b", "B", "(be)", "of b line below b too"),
    ]


@pytest.mark.django_db
def test_every_entry_leads_to_its_section_and_every_heading_is_one(client):
    """Of the pages, but for what is below a section that is found itself."""
    drawn = {}
    for each in index.of_language().entries:
        path, _sign, anchor = each.url.partition("#")
        if path not in drawn:
            [drawn[path]] = pages.read(client.get(path).content.decode()).all("main")
        main = drawn[path]
        assert not anchor or unquote(anchor) in {node["id"] for node in main.all()}, each.url
        assert bool(anchor) == bool(each.heading)

    for path, main in drawn.items():
        unlinked = [node.text for node in main.all("h2") if not node["id"] and not _around(node)]
        assert unlinked == [], path


def _around(heading):
    """The id of the nearest element around a heading that has one."""
    node = heading.parent
    while node and (not node["id"] or node["id"] == "main"):
        node = node.parent
    return node and node["id"]


@pytest.mark.parametrize(
    ("typed", "urls"),
    {
        "車検": ["inspection", "word"],  # not the middle of 自動車検査証
        "pin": ["pin"],  # not shopping
        "application": ["many"],  # but applications
        "払う": ["pays"],
        "納税証明": ["tax"],
    }.items(),
)
def test_a_word_is_found_as_a_word(typed, urls):
    some = [
        entry("inspection", "継続検査", "自動車検査証"),
        entry("paper", "自動車検査証", "検査の書類"),
        entry("word", "次の車検の日"),
        entry("pin", "PINの入力"),
        entry("shop", "shopping"),
        entry("many", "applications"),
        entry("pays", "窓口で払い終わる"),
        entry("paid", "支払済"),
        entry("tax", "納税証明書の写し"),
    ]

    assert [url for url in found_in(some, typed) if url not in ("shop", "paid", "paper")] == urls
    assert not {"shop", "paper"} & set(found_in(some, typed))


def test_the_best_comes_first():
    some = [
        entry("rest", "ほか", "受付番号、申請した日。" + "車台番号、所有者の氏名など。" * 20),
        entry("text", "番号について", "受付番号は17桁です。"),
        entry("title", "受付番号"),
        entry("other", "確認番号"),
    ]

    assert found_in(some, "受付番号")[:2] == ["title", "text"]
    assert "other" not in found_in(some, "受付番号")


def test_a_long_text_is_shown_where_it_was_found():
    long = "はじめの文です。" * 30 + "ここに<b>納付番号</b>があります。" + "おわりの文です。" * 30
    some = [entry("x", "題", long)]
    known = Vocabulary(some)

    result = ranking.shown(some[0], asked.words_of("のうふばんごう", known), known)

    assert [piece.text for piece in result.excerpt if piece.is_found] == ["納付番号"]
    whole = "".join(piece.text for piece in result.excerpt)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) < 120


def test_each_language_has_its_own_index():
    japanese = index.of_language()
    with pseudo.spoken():
        other = index.of_language()

        assert other is not japanese
        assert pseudo.OPEN in other.entries[0].title
    assert index.of_language() is japanese
    assert pseudo.OPEN not in index.of_language().entries[0].title


def test_who_comes_first_makes_it_for_all(monkeypatch):
    made = []
    monkeypatch.setattr(index, "_indexes", {})
    site = entries.of_the_site
    monkeypatch.setattr(entries, "of_the_site", lambda: made.append(1) or list(site())[:5])
    ready = threading.Barrier(4)

    def ask():
        with translation.override("ja"):
            ready.wait()
            index.of_language()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert made == [1]
