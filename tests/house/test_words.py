"""Each official word has one home, and one meaning."""

import ast
import re
from collections import defaultdict

import django.apps
from django.db import models
from django.test.utils import isolate_apps

from applications import labels as application_labels
from koss import labels as frame_labels
from payments import labels as payment_labels
from qrcodes import labels as code_labels
from tests.house.sources import APPS, BANK, ROOT, python_files, templates

HOMES = (frame_labels, application_labels, payment_labels, code_labels)
JAPANESE = re.compile("[぀-ヿ一-鿿ｦ-ﾟ]")


def strings_of(path):
    """As ``strings_in``, of a Python file."""
    return strings_in(path.read_text())


def strings_in(source):
    """(line, whole string) of every Japanese string in Python, without docstrings.

    A homonym with a context is another word and is left out.
    """
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    told_apart = {
        id(node.args[1])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("pgettext")
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and id(node) not in told_apart
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
        if model._meta.app_label in APPS:
            for field in model._meta.get_fields():
                for _value, label in getattr(field, "choices", None) or ():
                    words.add(str(label))
    return {word for word in words if JAPANESE.search(word)}


def twice(sources, words):
    """{word: places} of official ``words`` that stand more than once in ``sources``."""
    places = defaultdict(list)
    for name, source in sources:
        for line, text in strings_in(source):
            if text in words:
                places[text].append(f"{name}:{line}")
    return {word: where for word, where in places.items() if len(where) > 1}


def typed_in(text, words):
    """The official ``words`` that a template types itself."""
    text = re.sub(r"\{#.*?#\}", "", text)
    text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.S)
    marked = re.findall(r"_\(\"([^\"]*)\"\)|translate \"([^\"]*)\"|translate '([^']*)'", text)
    pieces = {piece for group in marked for piece in group if piece}
    pieces |= {piece.strip() for piece in re.split(r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}", text)}
    return sorted(pieces & words)


def unmarked_in(text):
    """The lines of a template with Japanese that no translation can replace."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.S)
    text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    return [line.strip()[:60] for line in text.splitlines() if JAPANESE.search(line)]


def nameless(all_models):
    """Models and fields without a Japanese name."""
    for model in all_models:
        if not JAPANESE.search(str(model._meta.verbose_name)):
            yield model.__name__
        for field in model._meta.get_fields():
            named = JAPANESE.search(str(getattr(field, "verbose_name", "")))
            if isinstance(field, models.Field) and not field.auto_created and not named:
                yield f"{model.__name__}.{field.name}"


def by_template(found):
    """{template: what was found in it}, of those in which ``found`` finds something."""
    every = {str(path.relative_to(ROOT)): found(path.read_text()) for path in templates()}
    return {name: what for name, what in every.items() if what}


def test_an_official_word_stands_once_in_python():
    # The demo world speaks of the portal's words; the bank is another program.
    sources = [
        (str(path.relative_to(ROOT)), path.read_text())
        for path in python_files()
        if "demo" not in path.relative_to(ROOT).parts and not path.is_relative_to(BANK)
    ]

    assert twice(sources, official_words()) == {}


def test_no_template_types_an_official_word():
    words = official_words()

    assert by_template(lambda text: typed_in(text, words)) == {}


def test_every_sentence_of_a_template_is_marked_for_translation():
    assert by_template(unmarked_in) == {}


def test_every_model_and_field_has_a_japanese_name():
    ours = [m for m in django.apps.apps.get_models() if m._meta.app_label in APPS]

    assert list(nameless(ours)) == []


def test_a_planted_second_place_of_a_word_is_found():
    word = str(payment_labels.Button.PAY)
    planted = [("a.py", f"X = {word!r}"), ("b.py", f"Y = _({word!r})")]

    assert word in official_words()
    assert twice(planted, {word}) == {word: ["a.py:1", "b.py:1"]}
    assert twice(planted[:1], {word}) == {}


def test_planted_words_of_a_template_are_found():
    assert typed_in("<b>納付</b>", {"納付"}) == ["納付"]
    assert typed_in('{% translate "納付" %}', {"納付"}) == ["納付"]
    assert typed_in("<b>{{ button.PAY }}</b>{# 納付 #}", {"納付"}) == []
    assert unmarked_in("<p>お待ちください</p>") == ["<p>お待ちください</p>"]
    assert unmarked_in('<p>{% translate "お待ちください" %}</p>') == []


@isolate_apps("applications")
def test_a_planted_nameless_field_is_found():
    class Planted(models.Model):
        note = models.TextField("note")
        title = models.TextField("題名")

        class Meta:
            app_label = "applications"

        def __str__(self):
            return self.title

    assert list(nameless([Planted])) == ["Planted", "Planted.note"]
