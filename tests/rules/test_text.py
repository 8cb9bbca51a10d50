"""What people type, kind by kind: what is folded, what is refused, and that it is named."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from koss.ground import form_fields as fields
from koss.ground import text
from koss.ground.forms import PlainMessages
from koss.ground.text import Unreadable

READERS = [
    text.read_line,
    text.read_reason,
    text.read_name,
    text.read_address,
    text.read_kana,
    text.read_code,
    text.read_chassis_number,
]
UNSEEN = [
    *("\u202e", "\u2066"),  # bidi
    *("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad"),  # no width
    *("\x00", "\x1b", "\x7f"),  # control
    *("\ud800", "\ue000", "\u0378"),  # a half of a character, private, unassigned
    *("\u115f", "\u2800", "\u034f"),  # drawn as nothing
]
FULL_WIDTH = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}


def why_not(read, typed):
    with pytest.raises(Unreadable) as refused:
        read(typed)
    return refused.value.about("氏名")


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (text.read_code, "ＬＡ１００Ｓ－０００１２３４", "LA100S-0001234"),
        (text.read_code, " la100s ー 000\u200b1234 ", "LA100S-0001234"),
        (text.read_chassis_number, "東［４１］１２３４５東", "東[41]12345東"),
        *(
            (text.read_chassis_number, f"LA100S{hyphen}0001234", "LA100S-0001234")
            for hyphen in "-－‐‑‒–—―−ー－ｰ─━˗⁃➖一﹣⁻"
        ),
        (text.read_name, "　神﨑　ｻﾌﾞﾛｳ ", "神﨑　サブロウ"),
        (text.read_name, "神\ufa19葛\U000e0100 か\u3099\u00a0㈱☆", "神\ufa19葛\U000e0100 が ㈱☆"),
        (text.read_name, "Ame\u0301lie", "Amélie"),
        (text.read_kana, "やまだ　ﾊﾅｺ", "ヤマダ ハナコ"),
        (text.read_line, "よい\tお知らせ❤\ufe0f", "よい お知らせ❤"),
        (text.read_reason, "\r\n一\r\n二\r三\u2028四 \n\n", "一\n二\n三\n四"),
    ],
)
def test_what_means_the_same_is_folded(read, typed, kept):
    assert read(typed) == kept
    assert read(kept) == kept


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("read", [text.read_line, text.read_reason, text.read_name, text.read_kana])
def test_a_sign_that_cannot_be_seen_is_named(read, sign):
    said = why_not(read, f"ヤマダ{sign}タロウ")

    assert f"U+{ord(sign):04X}" in said
    assert sign not in said


@pytest.mark.parametrize(
    ("read", "typed", "says"),
    [
        (text.read_name, "　\u200b", "ゼロ幅スペース（U+200B）"),
        (text.read_name, "太郎\u202e", "書字方向の制御文字（U+202E）"),
        (text.read_name, "太郎😀", "絵文字・記号「😀」（U+1F600）"),
        (text.read_name, "太郎⚠", "絵文字・記号「⚠」"),
        (text.read_name, "太郎1\ufe0f\u20e3", "U+FE0F"),
        (text.read_name, "x\u0336", "結合文字（U+0336）"),
        (text.read_name, "一\n二", "改行（U+000A）"),
        (text.read_name, "・・・", "氏名は、文字で入力してください。"),
        (text.read_code, "あいう", "「あ」（U+3042）"),
        (text.read_code, "ーー", "英数字とハイフンで"),
        (text.read_kana, "ヤマダ太郎", "氏名は全角カタカナで入力してください。"),
    ],
)
def test_what_cannot_be_kept_is_said(read, typed, says):
    assert says in why_not(read, typed)


@given(st.sampled_from(READERS), st.text(max_size=40))
def test_whatever_is_typed_is_readable_text_or_refused(read, typed):
    try:
        kept = read(typed)
    except Unreadable:
        assert "氏名" in why_not(read, typed)
        return
    assert kept == kept.strip()
    assert not any(text.is_invisible(sign) for sign in kept.replace("\n", ""))
    assert read(kept) == kept


@given(st.text("ABCXYZ0123456789-", min_size=1).filter(lambda code: code.strip("-")))
def test_a_code_is_the_same_in_every_width_and_case(code):
    assert text.read_code(code.translate(FULL_WIDTH).lower()) == code


class Form(PlainMessages, forms.Form):
    reason = fields.ReasonField(label="理由", max_length=20)


def test_a_line_end_counts_as_one_sign():
    assert Form({"reason": "一二三四五六七八九\r\n" * 2}).is_valid()
    assert Form({"reason": "一二三四五六七八九十\r\n一二三四五六七八九十"}).errors == {
        "reason": ["理由は20文字以内で入力してください。"]
    }


def test_what_is_far_too_long_is_not_read():
    assert Form({"reason": "\u200b" * 2_000_000}).errors == {
        "reason": ["理由は20文字以内で入力してください。"]
    }
