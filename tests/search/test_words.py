"""What is typed is read into words: any spelling, slips, and what words of the trade stand for."""

import pytest

from koss.portal.search import asked, folding, index, slips, trade


def read(typed):
    """(shown, meant) of each word."""
    return [(word.shown, word.meant) for word in words(typed)]


def words(typed):
    return asked.words_of(typed, index.of_language().known)


def forms(typed):
    return {form.text for word in words(typed) for form in word.forms}


@pytest.mark.parametrize(
    ("typed", "shown"),
    {
        "車検証をなくした": ["車検証", "なくした"],
        "納付番号取得": ["納付番号取得"],
        "納付番号期限": ["納付番号", "期限"],
        "しゃけんのひよう": ["しゃけん", "ひよう"],
        "パスワードを忘れたのですが": ["パスワード", "忘れた"],
        "取り下げ　できますか": ["取り下げ"],
        "期限過ぎた": ["期限", "過ぎた"],
        "60日": ["60日"],
        "どうすればいいですか": [],
        "？！「」": [],
    }.items(),
)
def test_words_are_the_longest_that_are_known(typed, shown):
    assert [word for word, _meant in read(typed)] == shown


@pytest.mark.parametrize(
    "typed", ["ﾏｲﾍﾟｰｼﾞ", "まいぺーじ", "マイペ－ジ", "マイページ", "マイヘ\u309aージ"]
)
def test_every_spelling_is_the_same_word(typed):
    assert "マイページ" in forms(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    {
        "パスワド": "パスワード",
        "パワスード": "パスワード",
        "自動車重量説": "自動車重量税",  # not 自動車 and a rest
        "だいれくとのふ": "だいれくとのうふ",  # not ダイレクト and a rest
        "けいぞくけんしゃ": "けいぞくけんさ",
        "にじげんこーとを印刷": "にじげんこーど",
    }.items(),
)
def test_a_slip_is_tried_before_shorter_words_are_taken_out(typed, meant):
    assert read(typed)[0][1] == folding.fold(meant)


@pytest.mark.parametrize("typed", ["廃車手続", "車検証", "パスワード", "えんげる", "税税"])
def test_what_is_known_or_far_from_all_is_no_slip(typed):
    assert [meant for _shown, meant in read(typed) if meant] == []


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("abcd", "abcd", 0), ("abcd", "abd", 1), ("abcd", "acbd", 1), ("abcd", "abxd", 1),
     ("abcd", "badc", 2), ("abcd", "wxyz", 3), ("abcdefgh", "abcd", 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_two(one, other, distance):
    assert slips.slips_between(one, other, 2) == distance


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ("車検", "継続検査"),
        ("QR", "二次元コード"),
        ("キャンセル", "取リ下ゲ"),
        ("名義変更", "対象ノ手続"),
    ],
)
def test_words_of_the_trade_stand_for_those_of_the_portal(typed, stands_for):
    assert folding.fold(stands_for) in forms(typed)


def test_no_more_is_read_than_counts():
    long = "車検 " * 1000 + "納付番号"
    many = "".join(f"語{chr(0x4E00 + n)} " for n in range(100))

    assert read(long) == [("車検", "")]
    assert len(read(many)) <= asked.MOST_WORDS


def test_the_file_of_the_trade():
    read_words = trade.read("# head\na b > c\n~ d e\n- f\n. g h\nb x\n")

    assert read_words.others == {
        "a": ("c", "b"), "b": ("c", "a", "x"), "d": ("e",), "e": ("d",), "f": (), "x": ("b",),
    }  # fmt: skip
    assert read_words.light == {"d", "e"}
    assert (read_words.passed_over, read_words.grammar) == ({"f"}, {"g", "h"})


def test_folding_knows_the_way_back():
    folded, places = folding.fold_with_places("㈱ﾊﾟﾝｸ ペ－ジ")

    assert folded == "(株)パンク ページ"
    assert places == [0, 0, 0, 1, 3, 4, 5, 6, 7, 8, 9]
