"""Every name that is read from the environment has a row in docs/operations.md, and no other."""

import ast
import re

import pytest

from tests.house.sources import APPS, ROOT


def modules():
    """(name, text) of every module."""
    for app in APPS:
        for module in (ROOT / app).rglob("*.py"):
            yield module.relative_to(ROOT).as_posix(), module.read_text()


def names_read(sources):
    """The names asked through koss.ground.env, in all of ``sources``."""
    return {
        call.args[0].value
        for _name, source in sources
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
    }


def names_documented(text):
    """The first column of the table of settings."""
    _, _, settings = text.partition("\n## Settings\n")
    return re.findall(r"^\| `(\w+)` \|", settings.partition("\n## ")[0], re.MULTILINE)


def that_ask_the_environment_themselves(sources):
    return {name for name, source in sources if re.search(r"\benviron\b|\bgetenv\b", source)}


def documentation():
    return (ROOT / "docs" / "operations.md").read_text()


def test_every_setting_has_one_row():
    assert sorted(names_documented(documentation())) == sorted(names_read(modules()))


def test_a_planted_setting_without_a_row_is_found():
    planted = [*modules(), ("planted.py", 'X = env.flag("KOSS_PLANTED", False)')]
    twice = documentation().replace("| `PORT` |", "| `PORT` |\n| `BIND` |")

    assert names_read(planted) - set(names_documented(documentation())) == {"KOSS_PLANTED"}
    assert sorted(names_documented(twice)) != sorted(names_read(modules()))


def test_nobody_goes_past_env():
    # These look whether something was said at all, hand it on, or run before there is a Django.
    assert that_ask_the_environment_themselves(modules()) == {
        "koss/bootstrap.py",
        "koss/ground/env.py",
        "koss/management/commands/serve.py",
        "koss/operation/databases.py",
        "koss/wsgi.py",
        # The sandbox bank is a program of its own, with a reader of its own of the same form.
        "payments/sandbox/__main__.py",
        "payments/sandbox/env.py",
        "payments/sandbox/wsgi.py",
    }


@pytest.mark.parametrize("planted", ["os.environ['X']", "from os import environ", "os.getenv('X')"])
def test_a_planted_way_past_env_is_found(planted):
    assert that_ask_the_environment_themselves([("planted.py", planted)]) == {"planted.py"}
