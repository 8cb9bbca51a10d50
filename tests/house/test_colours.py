"""Colours stand in one place, under names that every scheme knows, and can be read in each."""

import re

import pytest

from tests.house.colours import BANK, HOME, SHEETS, TOKENS, contrast, named, plain, scheme

_WORDS = "white|black|red|green|blue|yellow|orange|purple|gr[ae]y|silver|gold|pink|brown"
_COLOUR = re.compile(
    rf"#[0-9a-fA-F]{{3,8}}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|var\(--color-|"
    rf"(?<![\w-])(?:{_WORDS})(?![\w-])"
)
_DECLARED = re.compile(r"(?<![\w-])[a-z-]+:[^;{}]*;")
_USED = re.compile(r"var\((--[\w-]+)\)")
# Alike in both schemes, or made from names that are not.
ALIKE = {
    "--koss-on-fill", "--koss-white", "--koss-ink", "--koss-black", "--koss-swagger-quiet",
    "--koss-swagger-link", "--koss-swagger-green", "--koss-swagger-blue",
    "--koss-swagger-red",
}  # fmt: skip
LIGHT, DARK = HOME / "light.css", HOME / "dark.css"
SCHEMES = {
    "light": [LIGHT],
    "dark": [LIGHT, DARK],
    "light at the bank": [LIGHT, BANK / "light.css"],
    "dark at the bank": [LIGHT, BANK / "light.css", DARK, BANK / "dark.css"],
}
STAFFS = {
    "light": [LIGHT, HOME / "admin_light.css"],
    "dark": [LIGHT, HOME / "admin_light.css", DARK, HOME / "admin_dark.css"],
}
_GROUNDS = ("page", "ground", "paper", "sunken", "accent-pale")
# Words, and the grounds on which they stand somewhere.
WORDS = {
    "text": (*_GROUNDS, "practice", "stop", "changed", "found", "info-pale", "warning-pale"),
    "text-quiet": _GROUNDS,
    "link": (*_GROUNDS, "practice", "stop", "info-pale"),
    "visited": (*_GROUNDS, "practice", "stop"),
    "accent": ("page", "paper"),
    "accent-strong": ("page", "paper", "sunken", "accent-pale"),
    "error": ("page", "paper"),
    "on-fill": ("fill", "fill-strong", "header", "danger-fill", "danger-fill-strong"),
    "paper": ("link",),
    "off-text": ("off",),
    "warning-text": ("paper", "warning-pale"),
    "info-text": ("info-pale",),
    "done-text": ("done-pale",),
    "danger-text": ("paper", "danger-pale"),
    "ended-text": ("danger-pale",),
    "on-call": ("call",),
    "on-label": ("label",),
}
# Lines and signs that tell something, and where.
SIGNS = {
    "line-strong": ("page", "paper", "accent-pale"),
    "focus": _GROUNDS,
    "accent": (*_GROUNDS,),
    "warning": ("page", "paper", "warning-pale"),
    "info": ("page", "paper", "info-pale"),
    "done": ("paper", "done-pale"),
    "success": ("page", "paper"),
    "danger": ("paper", "danger-pale"),
}
# What a button stands out by: its ground, or a line where more contrast is asked for.
BUTTONS = {"fill": ("page", "paper"), "danger-fill": ("page", "paper")}
LINES = {"fill-line": ("page", "paper", "accent-pale")}
STAFFS_WORDS = {
    "link-fg": ("selected-bg", "selected-row", "koss-changed"),
    "body-quiet-color": ("selected-bg",),
    "header-color": ("header-bg",),
    "header-link-color": ("header-bg",),
    "breadcrumbs-fg": ("breadcrumbs-bg",),
    "breadcrumbs-link-fg": ("breadcrumbs-bg",),
    "koss-over": ("koss-paper", "koss-page", "selected-bg"),
    "koss-near": ("koss-paper", "koss-page", "selected-bg"),
}


def literals(css):
    """Declarations of ``css`` that name a colour themselves."""
    declared = _DECLARED.findall(plain(css))
    return [" ".join(each.split()) for each in declared if _COLOUR.search(each)]


def faint(values, pairs, least, prefix="--koss-"):
    """The pairs of ``pairs``, foreground → grounds, that differ by less than ``least`` to one."""
    found = []
    for front, grounds in pairs.items():
        for ground in grounds:
            ratio = contrast(values[prefix + front], values[prefix + ground])
            if ratio < least:
                found.append(f"{front} on {ground}: {ratio:.2f}")
    return found


def test_no_sheet_names_a_colour_itself():
    assert {sheet.name: found for sheet in SHEETS if (found := literals(sheet.read_text()))} == {}


def test_every_name_has_a_value_in_both_schemes():
    light, dark = (set(named(sheet.read_text())) for sheet in (LIGHT, DARK))
    assert light - dark == ALIKE
    assert dark - light == set()
    light, dark = (
        set(named((HOME / f"admin_{each}.css").read_text())) for each in ("light", "dark")
    )
    assert light - dark == set()


def test_every_name_that_is_used_has_a_value():
    known = {*named(TOKENS.read_text()), *named(LIGHT.read_text())}
    known |= set(named((HOME / "admin_light.css").read_text()))
    known |= set(named((HOME / "admin_dark.css").read_text()))
    for sheet in SHEETS:
        known |= set(named(sheet.read_text()))
    used = {name for sheet in SHEETS for name in _USED.findall(sheet.read_text())}

    assert used - known == set()
    sheets = [*SHEETS, *HOME.glob("*.css"), *BANK.glob("*.css")]
    used = {name for sheet in sheets for name in _USED.findall(sheet.read_text())}
    assert {n for n in named(LIGHT.read_text()) if n.startswith("--koss-")} - used == set()


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("name", SCHEMES)
def test_words_and_signs_stand_out(name, more):
    values = scheme(*SCHEMES[name], more=more)

    assert faint(values, WORDS, 7 if more and "bank" not in name else 4.5) == []
    assert faint(values, SIGNS, 4.5 if more and "bank" not in name else 3) == []
    assert faint(values, LINES if more else BUTTONS, 3) == []


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("name", STAFFS)
def test_words_of_the_staffs_site_stand_out(name, more):
    values = scheme(*STAFFS[name], more=more)

    assert faint(values, STAFFS_WORDS, 4.5, prefix="--") == []


def test_a_planted_colour_is_found():
    assert literals("a { color: #fff; margin: 1px; }") == ["color: #fff;"]
    planted = (
        "a {\n  border: 1px solid red;\n  fill: var(--color-neutral-white);\n  color: Canvas;\n}"
    )
    assert len(literals(planted)) == 2
    values = {"--koss-text": "#777", "--koss-page": "#888"}
    assert faint(values, {"text": ["page"]}, 4.5) == ["text on page: 1.26"]
