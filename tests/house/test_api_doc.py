"""docs/api.md and docs/api.en.md name every operation, code and scope of the bulk interface."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from applications.practice import values
from koss.api import description, problems
from koss.api.versions import V1
from payments.models import Scope
from tests.house.sources import ROOT


def complaints(text):
    """What a guide with this ``text`` leaves out, invents, or says otherwise."""
    told = dict(re.findall(r"^\| `(\w+)` \| ([0-9]{3}) \|", text, re.M))
    kinds = {code: str(int(kind.status)) for code, kind in problems.KINDS.items()}
    yield from sorted(f"problem {code}" for code, _ in kinds.items() ^ told.items())
    told = set(re.findall(r"^\| `([A-Z]+ /api/v1/[^`]*)` \|.*\| (\w+) \|$", text, re.M))
    yield from sorted(f"operation {name}" for name, _scope in set(operations()) ^ told)
    told = set(re.findall(r"^\| ([^|]+) \| `([^`]+)` \| ([^|]+) \| (.*) \|$", text, re.M))
    yield from sorted(f"value {typed}" for _kind, typed, *_rest in values_told() ^ told)
    yield from (f"scope {scope}" for scope in Scope if f"`{scope}`" not in text)


def values_told():
    """(what is typed, the value, where it acts, what happens) of every magic value, in words."""
    return {
        (
            str(each.kind.label),
            each.typed,
            gettext("、").join(str(where.label) for where in each.where) or "-",
            str(each.shows),
        )
        for each in values.TABLE
    }


def operations():
    """(method and path, scope) of every operation."""
    for router in V1.api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                [key] = operation.auth_callbacks
                yield f"{operation.methods[0]} {V1.prefix}{path.lstrip('/')}", str(key.scope)


def text(language="ja"):
    return (ROOT / "docs" / {"ja": "api.md", "en": "api.en.md"}[language]).read_text()


def shape(guide):
    """What a guide has in any language: levels of headings, code, rows of tables."""
    code = re.findall(r"^```.*?^```", guide, re.M | re.S)
    prose = re.sub(r"^```.*?^```", "```", guide, flags=re.M | re.S)
    lines = [line for line in prose.splitlines() if line.startswith(("#", "|", "```"))]
    return [line.split(" ")[0] for line in lines], [each.count("\n") for each in code]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_guide_names_everything(settings, language):
    settings.DEMO = True
    assert {name for name, _scope in operations()} == {
        f"{method.upper()} {path}"
        for path, methods in description.describe(V1)["paths"].items()
        for method in methods
    }
    with translation.override(language):
        assert list(complaints(text(language))) == []


def test_both_guides_have_the_same_parts():
    assert shape(text("en")) == shape(text())


def test_outside_the_demo_nothing_of_the_sandbox_is_described():
    described = description.describe(V1)

    assert not [path for path in described["paths"] if "sandbox" in path]
    assert "ApplicationShape" in described["components"]["schemas"]
    assert not {"ClockOut", "MoveIn", "Happening"} & set(described["components"]["schemas"])


def test_planted_gaps_are_found():
    planted = text().replace("| `not_found` | 404 |", "| `not_found` | 410 |")
    planted = planted.replace("`GET /api/v1/key`", "`GET /api/v1/kex`").replace("`pay`", "pay")
    planted = planted.replace("`TX404-`", "`TX405-`")
    planted = planted.replace("添付書類は1分遅れて届く", "添付書類は2分遅れて届く")

    assert set(complaints(planted)) == {
        "problem not_found",
        "operation GET /api/v1/key",
        "operation GET /api/v1/kex",
        "scope pay",
        "value TX202-",
        "value TX404-",
        "value TX405-",
    }
