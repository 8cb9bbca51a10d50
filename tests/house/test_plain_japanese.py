"""やさしい日本語: every sentence that decides something has a plain variant, and it is plain."""

import re

import pytest

from tests import messages, plain_japanese

# Signs of one sentence, without what is filled in.
LONGEST = 50
# Words of offices: where one stands first it is explained in brackets, or it is a label in 「」, or
# it stands in brackets itself, behind plain words.
HARD = (
    "還付", "滞納", "却下", "交付物", "未納", "残高", "補正", "取り下げ", "納付", "審査",
    "引き落とし", "取扱限度額", "署名", "電子証明書", "同意", "申告", "無効", "国庫金", "収納機関",
)  # fmt: skip
# Polite to the reader, or of the written language.
_STIFF = ("いただ", "お待ち", "お済", "お手数", "ご容赦", "以降", "なければなりません", "のうえ")
_LABEL = re.compile("「[^「」]*」")
_BRACKETS = re.compile("（[^（）]*）")
_FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_NUMBER = re.compile(r"\d[\d,]*")
_TAG = re.compile(r"<[^>]+>")


def entries():
    """(context, source, [plain]) of all entries of the catalogue."""
    for message in messages.kept(messages.PLAIN):
        if message.id:
            plural = isinstance(message.id, tuple)
            source = message.id[0] if plural else message.id
            yield message.context, source, list(message.string) if plural else [message.string]


def faults(source, plain):
    """What is wrong with ``plain`` as the plain variant of ``source``."""
    if not plain_japanese.is_sentence(source):
        yield "a label"
    if not plain:
        yield "missing"
    if set(_FILLED_IN.findall(source)) != set(_FILLED_IN.findall(plain)):
        yield "other placeholders"
    if _TAG.findall(source) != _TAG.findall(plain):
        yield "other tags"
    if not set(_NUMBER.findall(source)) <= set(_NUMBER.findall(plain)):
        yield "other numbers"
    yield from (f"long: {each}" for each in sentences(plain) if len(each) > LONGEST)
    text = _LABEL.sub("「」", plain)
    yield from (word for word in HARD if not is_explained(word, text))
    yield from (word for word in _STIFF if word in text)


def sentences(plain):
    """The sentences of ``plain``, with nothing filled in."""
    return re.split("[。？]", _FILLED_IN.sub("", _TAG.sub("", plain)))


def is_explained(word, text):
    """Whether ``word`` is explained where it stands first in ``text``, if it does."""
    start = text.find(word)
    in_brackets = any(found.start() < start < found.end() for found in _BRACKETS.finditer(text))
    return start < 0 or in_brackets or re.match(f"{word}[ぁ-ん]{{0,4}}（", text[start:])


def test_every_sentence_that_decides_has_a_plain_variant():
    kept = {(context, source) for context, source, _plain in entries()}
    needed = {key for key in messages.said() if messages.needs_plain(*key)}

    assert needed - kept == set(), "python -m tests.messages"
    assert kept - set(messages.said()) == set(), "python -m tests.messages"


def test_the_compiled_file_is_of_this_catalogue():
    compiled = messages.compiled(messages.kept(messages.PLAIN))

    assert messages.PLAIN.with_suffix(".mo").read_bytes() == compiled


def test_every_variant_is_plain():
    found = {
        words: wrong
        for _context, source, plain in entries()
        for words in plain
        if (wrong := list(faults(source, words)))
    }

    assert found == {}


def test_every_place_has_sentences():
    """A file that was renamed would be forgotten."""
    everywhere = [where for _many, where in messages.said().values()]

    assert [
        place
        for place in plain_japanese.DECIDING
        if not any(plain_japanese.is_in(place, path) for where in everywhere for path in where)
    ] == []


@pytest.mark.parametrize(
    ("source", "plain", "fault"),
    [
        ("取り下げますか", "", "missing"),
        ("取り下げ", "申請をやめること", "a label"),
        ("%(day)sまでです。", "その日までです。", "other placeholders"),
        ("%sを選んでください。", "%(name)sを選んでください。", "other placeholders"),
        ("<b>今日</b>です。", "今日です。", "other tags"),
        ("午前5時以降です。", "午前6時からです。", "other numbers"),
        ("一文。", f"{'あ' * 51}。", f"long: {'あ' * 51}"),
        ("還付します。", "還付します。", "還付"),
        ("還付します。", "お金を返します。還付です。還付（お金を返すこと）です。", "還付"),
        ("待ちます。", "お待ちください。", "お待ち"),
    ],
)
def test_a_planted_fault_is_found(source, plain, fault):
    assert fault in list(faults(source, plain))


@pytest.mark.parametrize(
    "plain",
    [
        "還付（お金を返すこと）です。還付は来週です。",
        "お金を返します（還付）。",
        "「還付」を押してください。",
    ],
)
def test_what_is_explained_is_plain(plain):
    assert list(faults("還付します。", plain)) == []


def test_a_planted_sentence_without_a_variant_is_found(monkeypatch):
    planted = (None, "取り下げると、元に戻せません！。")
    said = {planted: (None, ["templates/applications/withdrawal.html"])}
    monkeypatch.setattr(messages, "said", lambda: said)

    assert messages.needs_plain(*planted)
    with pytest.raises(AssertionError, match="python -m"):
        test_every_sentence_that_decides_has_a_plain_variant()
