"""What holds for every template."""

import re

import pytest

from tests.house.sources import ROOT, bank_templates, templates

HTML = [path for path in [*templates(), *bank_templates()] if path.suffix == ".html"]


@pytest.mark.parametrize("path", HTML, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_content_policy_is_kept(path):
    text = path.read_text()

    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert "<style" not in text
    assert not re.search(r"(src|href)=[\"']https?://", text)
    assert "|safe" not in text


@pytest.mark.parametrize(
    "path",
    [path for path in HTML if path.name.startswith("_") and "admin" not in path.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_fragment_says_what_it_needs(path):
    first = path.read_text().lstrip().splitlines()[0]

    assert first.startswith("{#"), "begin with {# what it shows. Needs: … #}"
