"""The English catalogue holds what the code says, all of it, in English."""

import ast
import re
from pathlib import Path

import pytest

from tests import messages
from tests.house.test_settings_documented import modules
from tests.pseudo import JAPANESE

# What has to be read or typed in Japanese: kana of plates, examples of names, words of papers.
SAMPLES = (Path(__file__).parent / "japanese_in_english.txt").read_text("utf-8").splitlines()
_PLACEHOLDER = re.compile(r"%\((\w+)\)|(%[sd])|\{(\w*)\}")
_TAG = re.compile(r"<[^>]+>|&\w+;")


def entries():
    """(context, one, many or None, [said]) of all entries of the catalogue."""
    for message in messages.kept():
        if message.id:
            plural = isinstance(message.id, tuple)
            one, many = message.id if plural else (message.id, None)
            yield message.context, one, many, list(message.string) if plural else [message.string]


def test_what_the_code_says_is_in_the_catalogue_and_nothing_else():
    kept = {(context, one): many for context, one, many, _said in entries()}
    said = {key: many for key, (many, _where) in messages.said().items()}

    assert kept == said, "python -m tests.messages"


def test_the_compiled_file_is_of_this_catalogue():
    assert messages.COMPILED.read_bytes() == messages.compiled(messages.kept())


def fault_of(source, english):
    """What is wrong with ``english`` as the words of ``source``; "" when nothing is."""
    if not english:
        return "not translated"
    if _names(source) != _names(english):
        return "other placeholders"
    if sorted(_TAG.findall(source)) != sorted(_TAG.findall(english)):
        return "other tags"
    if source.startswith("\n") != english.startswith("\n"):
        return "other line breaks"
    if JAPANESE.search(english) and english not in SAMPLES:
        return "Japanese words"
    return ""


def _names(words):
    """The names that are put into ``words``; English says a month by its name."""
    names = {"".join(each) for each in _PLACEHOLDER.findall(words)}
    return {"month" if name == "month_name" else name for name in names}


def test_every_message_is_said_in_english():
    found = {}
    for _context, one, many, said in entries():
        for words in said:
            source = many if many and words == said[-1] else one
            if fault := fault_of(source, words):
                found[words or source] = fault

    assert found == {}


def hidden_in(source):
    """The lines on which a message stands inside of an f-string, where nothing gathers it."""
    for string in ast.walk(ast.parse(source)):
        if isinstance(string, ast.JoinedStr):
            for call in ast.walk(string):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in messages.KEYWORDS:
                    yield call.lineno


def test_no_message_hides_in_an_f_string():
    found = {path: list(hidden_in(text)) for path, text in modules()}

    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_planted_message_in_an_f_string_is_found():
    assert list(hidden_in("x = 1\ny = f\"{gettext('状況')}!\"")) == [2]


def said_too_early(source):
    """The lines on which a lazy message is filled or joined while its module is loaded.

    It would be said in the language of the start, for ever.
    """
    lazy = {
        name.asname or name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name.endswith("_lazy")
    }
    for statement in ast.parse(source).body:
        for node in _outside_of_functions(statement):
            if isinstance(node, ast.BinOp) and any(
                isinstance(side, ast.Call) and getattr(side.func, "id", "") in lazy
                for side in (node.left, node.right)
            ):
                yield node.lineno


def _outside_of_functions(node):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _outside_of_functions(child)


def test_no_message_is_said_before_there_is_a_reader():
    found = {path: list(said_too_early(text)) for path, text in modules()}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("act", ["_('%s件') % 3", "_('状況') + '。'"])
def test_a_planted_message_that_is_said_at_once_is_found(act):
    imported = "from django.utils.translation import gettext_lazy as _\n"

    assert list(said_too_early(f"{imported}class A:\n    x = {act}")) == [3]
    assert list(said_too_early(f"{imported}def f():\n    return {act}")) == []


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("状況", ""),
        ("状況", "状況"),
        ("%(count)s件", "many"),
        ("<b>状況</b>", "Status"),
        ("\n状況", "Status"),
    ],
)
def test_a_planted_fault_is_found(source, english):
    assert fault_of(source, english)
