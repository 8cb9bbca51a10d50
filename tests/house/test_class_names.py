"""A class has a name of its own, so that a search for it finds it and nothing else."""

import ast
from collections import defaultdict

from tests.house.sources import ROOT, python_files

# Told apart by their modules: the words of each app by kind, and commands by their file.
KINDS = {"labels.py"}


def homes(sources):
    """Name → where a class of this name stands. ``sources``: (place, text) of each module."""
    found = defaultdict(list)
    for place, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(place)
    return found


def twice(sources):
    return {name: places for name, places in homes(sources).items() if len(places) > 1}


def test_no_two_classes_share_a_name():
    sources = [
        (str(path.relative_to(ROOT)), path.read_text())
        for path in python_files()
        if path.name not in KINDS and not {"commands", "sandbox"} & set(path.parts)
    ]

    assert twice(sources) == {}


def test_a_planted_namesake_is_found():
    planted = [
        ("a.py", "class Refused(Exception):\n    pass"),
        ("b.py", "class Refused:\n    pass"),
    ]

    assert twice(planted) == {"Refused": ["a.py", "b.py"]}
