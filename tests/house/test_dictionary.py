"""docs/rules.md has one word for each thing, and nothing says it otherwise."""

import re

from tests.house.sources import BANK, ROOT, python_files, templates
from tests.house.test_words import strings_of


def refused():
    """One pattern for all that the table of words refuses."""
    _, _, table = (ROOT / "docs" / "rules.md").read_text().partition("| use | refused | why |\n")
    rows = [line.split("|") for line in table.splitlines()[1:] if line.startswith("|")]
    patterns = [pattern for row in rows for pattern in row[2].strip().split("、")]
    assert len(patterns) > 10
    return re.compile("|".join(patterns))


def otherwise(texts):
    """(where, what) of each refused word in ``texts``, pairs of where and a text."""
    pattern = refused()
    return [(where, found[0]) for where, text in texts for found in pattern.finditer(text)]


def test_every_sentence_and_label_uses_the_words_of_the_dictionary():
    texts = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path in python_files()
        if not path.is_relative_to(BANK)
        for line, text in strings_of(path)
    ]
    texts += [(str(path.relative_to(ROOT)), path.read_text()) for path in templates()]

    assert otherwise(texts) == []


def test_a_planted_word_is_found():
    planted = (
        "検査協会の窓口で、かっこを付けて引落を取下げる。軽自動車検査協会は二次元コードを読む。"
    )

    assert [word for _where, word in otherwise([("here", planted)])] == [
        "検査協会",
        "かっこ",
        "引落",
        "取下げ",
    ]
