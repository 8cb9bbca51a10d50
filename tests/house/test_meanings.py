"""Words can be translated: each has one meaning, and no logic depends on one."""

import ast
import re
from collections import defaultdict

from django.utils.functional import Promise

from applications import labels as application_labels
from koss import labels as frame_labels
from payments import labels as payment_labels
from qrcodes import labels as code_labels
from tests.house.sources import python_files, templates

HOMES = (frame_labels, application_labels, payment_labels, code_labels)
# A word that stands in two of these says two things: "Pay" and "Payment", "Paid" and "Done".
MEANINGS = {
    "Button": "what a press does",
    "Screen": "heading",
    "Section": "heading",
    "Menu": "heading",
    "Column": "name of a value",
    "Field": "name of a value",
    "Row": "name of a value",
    "State": "state",
}
LABELS = {"Screen", "Section", "Button", "Menu", "Column", "Field", "Row", "State", "Step", "Word"}
IN_TEMPLATES = re.compile(
    r"{%\s*(?:el)?if[^%]*\b(?:screen|section|button|menu|column|row)\.[A-Z_]+"
    r"|{%\s*(?:el)?if[^%]*\bget_\w+_display\s*(?:==|!=|in\b)"
)


def homonyms(kinds):
    """{(word with its context): its meanings} of words that have more than one."""
    meanings = defaultdict(set)
    for name, words in kinds:
        for word in words:
            if name in MEANINGS and isinstance(word, Promise):
                meanings[word._args].add(MEANINGS[name])
    return {word: says for word, says in meanings.items() if len(says) > 1}


def kinds_at_home():
    for home in HOMES:
        for name, kind in vars(home).items():
            if isinstance(kind, type) and kind.__module__ == home.__name__:
                yield name, [word for key, word in vars(kind).items() if key.isupper()]


def test_a_word_has_one_meaning():
    assert homonyms(kinds_at_home()) == {}


def test_a_planted_homonym_is_found():
    pay = payment_labels.Button.PAY

    assert homonyms([("Button", [pay]), ("Column", [pay])]) == {
        ("button", "納付"): {"what a press does", "name of a value"}
    }


def comparisons_of_labels(source):
    """The lines on which a label is compared."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare) and any(map(_is_label, [node.left, *node.comparators]))
    ]


def _is_label(node):
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(_is_label, node.elts))
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", "")
        is_str = getattr(node.func, "id", "") == "str"
        return re.fullmatch(r"get_\w+_display", name) or (is_str and any(map(_is_label, node.args)))
    if not isinstance(node, ast.Attribute):
        return False
    return node.attr == "label" or (
        isinstance(node.value, ast.Name) and node.value.id in LABELS and node.attr.isupper()
    )


def test_no_logic_compares_labels():
    found = {str(path): comparisons_of_labels(path.read_text()) for path in python_files()}
    found |= {str(path): IN_TEMPLATES.findall(path.read_text()) for path in templates()}

    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_planted_comparison_is_found():
    planted = [
        "x == State.PAID",
        "x in (Column.PAY, y)",
        "s.label == t",
        "a.get_kind_display() != b",
    ]

    assert [comparisons_of_labels(source) for source in planted] == [[1]] * 4
    assert IN_TEMPLATES.search("{% if state == column.PAY %}")
    assert comparisons_of_labels("x == PaymentState.PAID") == []
