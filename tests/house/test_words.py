"""Each official word has one home (house.md "Templates, and where the words live")."""

import ast
import re
from collections import defaultdict

import django.apps
from django.db import models

from applications import labels as application_labels
from koss import labels as frame_labels
from payments import labels as payment_labels
from qrcodes import labels as code_labels
from tests.house.sources import BANK, ROOT, python_files, templates

HOMES = (frame_labels, application_labels, payment_labels, code_labels)
JAPANESE = re.compile("[぀-ヿ一-鿿ｦ-ﾟ]")


def strings_of(path):
    """(line, whole string) of every Japanese string in a Python file that is no docstring."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and JAPANESE.search(node.value)
        ):
            yield node.lineno, node.value


def official_words():
    """Every label of a labels module or an enumeration."""
    words = set()
    for home in HOMES:
        for kind in vars(home).values():
            if isinstance(kind, type) and kind.__module__ == home.__name__:
                words |= {str(v) for name, v in vars(kind).items() if name.isupper()}
    for model in django.apps.apps.get_models():
        if model._meta.app_label in {"koss", "applications", "payments", "qrcodes"}:
            for field in model._meta.get_fields():
                for _value, label in getattr(field, "choices", None) or ():
                    words.add(str(label))
    return {word for word in words if JAPANESE.search(word)}


def test_an_official_word_stands_once_in_python():
    places = defaultdict(list)
    words = official_words()
    for path in python_files():
        if path.is_relative_to(ROOT / "koss" / "demo") or path.is_relative_to(BANK):
            continue  # the demo world speaks of the portal's words; the bank is another program
        for line, text in strings_of(path):
            if text in words:
                places[text].append(f"{path.relative_to(ROOT)}:{line}")

    assert {word: where for word, where in places.items() if len(where) > 1} == {}


def test_no_template_types_an_official_word():
    words = official_words()
    found = []
    for path in templates():
        text = re.sub(r"\{#.*?#\}", "", path.read_text())
        text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.S)
        marked = re.findall(r"_\(\"([^\"]*)\"\)|translate \"([^\"]*)\"|translate '([^']*)'", text)
        pieces = {piece for group in marked for piece in group if piece}
        pieces |= {piece.strip() for piece in re.split(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", text)}
        found += [f"{path.relative_to(ROOT)}: {word}" for word in sorted(pieces & words)]

    assert found == []


def test_every_sentence_of_a_template_is_marked_for_translation():
    found = []
    for path in templates():
        text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(), flags=re.S)
        text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
        for line in text.splitlines():
            if JAPANESE.search(line):
                found.append(f"{path.relative_to(ROOT)}: {line.strip()[:60]}")

    assert found == []


def test_every_model_and_field_has_a_japanese_name():
    nameless = [
        f"{model.__name__}.{field.name}"
        for model in django.apps.apps.get_models()
        if model._meta.app_label in {"koss", "applications", "payments", "qrcodes"}
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
        and not field.auto_created
        and not JAPANESE.search(str(field.verbose_name))
    ]

    assert nameless == []
