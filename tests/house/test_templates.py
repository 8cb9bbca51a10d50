"""What holds for every template: one test each, which lists its offenders."""

import re

from tests.house.sources import ROOT, bank_templates, templates

REFUSED = {
    r"\sstyle=": "an inline style",
    r"<style": "an inline style sheet",
    r"<script(?![^>]*\bsrc=)": "an inline script",
    r"\son[a-z]+=": "an inline handler",
    r"(src|href)=[\"']https?://": "something from elsewhere",
    r"\|safe": "text that is not escaped",
}
PLANTED = [
    '<p style="color:red">x</p>',
    "<style>p {}</style>",
    "<script>1</script>",
    '<p onclick="1">x</p>',
    '<img src="https://elsewhere.example/x.png" alt="">',
    "{{ reason|safe }}",
]


def against_the_policy(text):
    """What the text of a template has that the content policy refuses, or that may become it."""
    return [what for pattern, what in REFUSED.items() if re.search(pattern, text)]


def says_what_it_needs(text):
    return text.lstrip().startswith("{#")


def forms_without_address(text):
    """The start tags of forms that are sent to whatever stands in the browser's address."""
    tags = re.findall(r"<form\b(?:[^>{]|\{\{[^}]*\}\}|\{%[^%]*%\})*>", text)
    return [tag for tag in tags if 'method="post"' in tag and "action=" not in tag]


def test_every_form_says_where_it_goes():
    """Else it goes to the field that a link of the summary of errors led to."""
    found = {
        str(path.relative_to(ROOT)): forms_without_address(path.read_text()) for path in pages()
    }

    assert {name: tags for name, tags in found.items() if tags} == {}


def test_a_planted_form_without_address_is_found():
    assert forms_without_address('<form method="post" class="{{ x }}">')
    assert not forms_without_address('<form method="post" action="{% url "a" %}" novalidate>')


def pages():
    return [path for path in [*templates(), *bank_templates()] if path.suffix == ".html"]


def test_the_content_policy_is_kept():
    found = {path: against_the_policy(path.read_text()) for path in pages()}

    assert {str(path.relative_to(ROOT)): what for path, what in found.items() if what} == {}


def test_a_planted_breach_of_the_policy_is_found():
    assert [against_the_policy(text) for text in PLANTED] == [[what] for what in REFUSED.values()]


def test_a_fragment_says_what_it_needs():
    """Its first line is ``{# what it shows. Needs: … #}``."""
    fragments = [p for p in pages() if p.name.startswith("_") and "admin" not in p.parts]

    assert len(fragments) > 50
    assert [
        str(p.relative_to(ROOT)) for p in fragments if not says_what_it_needs(p.read_text())
    ] == []


def test_a_fragment_that_says_nothing_is_found():
    assert not says_what_it_needs("<p>{{ reason }}</p>")
