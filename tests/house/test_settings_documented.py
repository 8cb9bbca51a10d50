"""Every name that is read from the environment has a row in docs/operations.md, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("koss", "applications", "payments", "qrcodes")


def names_read():
    """The names asked through koss.env, in all modules."""
    return {
        call.args[0].value
        for app in APPS
        for module in (ROOT / app).rglob("*.py")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
    }


def names_documented():
    """The first column of the table of settings."""
    _, _, settings = (ROOT / "docs" / "operations.md").read_text().partition("\n## Settings\n")
    return re.findall(r"^\| `(\w+)` \|", settings.partition("\n## ")[0], re.MULTILINE)


def modules_that_ask_the_environment_themselves():
    return {
        module.relative_to(ROOT).as_posix()
        for app in APPS
        for module in (ROOT / app).rglob("*.py")
        if re.search(r"\benviron\b|\bgetenv\b", module.read_text())
    }


def test_every_setting_has_one_row():
    documented = names_documented()
    assert sorted(documented) == sorted(names_read())


def test_nobody_goes_past_env():
    # These look whether something was said at all, hand it on, or run before there is a Django.
    assert modules_that_ask_the_environment_themselves() == {
        "koss/bootstrap.py",
        "koss/demo/mode.py",
        "koss/env.py",
        "koss/management/commands/serve.py",
        "koss/wsgi.py",
        # The sandbox bank is a program of its own, with a reader of its own of the same form.
        "payments/sandbox/__main__.py",
        "payments/sandbox/env.py",
        "payments/sandbox/wsgi.py",
    }
