"""Every test of this folder has a planted fault in its own file that it finds."""

import ast
from pathlib import Path

HERE = Path(__file__).parent


def without_a_planted_fault(modules):
    """Names of the ``modules``, pairs of name and text, in which no test plants a fault."""
    for name, text in modules:
        tests = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        if not any(test.startswith("test_") and "planted" in test for test in tests):
            yield name


def test_every_module_plants_a_fault():
    modules = [(path.name, path.read_text()) for path in HERE.glob("test_*.py")]

    assert len(modules) > 20
    assert list(without_a_planted_fault(modules)) == []


def test_a_planted_module_without_one_is_found():
    modules = [("a.py", "def test_x(): pass"), ("b.py", "def test_a_planted_y_is_found(): pass")]

    assert list(without_a_planted_fault(modules)) == ["a.py"]
