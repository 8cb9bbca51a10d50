"""What others wrote and the portal serves is what they published, byte for byte."""

import hashlib

from tests.house.sources import ROOT

# SHA-512 of the file in the package of npm that static/koss/vendor/README.md names.
FORGE = (
    "caf9b61a7ad67fe9996d38da4612eb882078e765a131406d2a957ad8e91a03f1"
    "279d7833bb6c785a5b3ba701ace6656bacaa7a65f964fd747e8e800095104b14"
)


FILE = ROOT / "static" / "koss" / "vendor" / "node-forge" / "forge.min.js"


def is_the_pinned_one(content):
    return hashlib.sha512(content).hexdigest() == FORGE


def test_node_forge_is_the_pinned_one():
    assert is_the_pinned_one(FILE.read_bytes())


def test_a_planted_line_end_is_found():
    assert not is_the_pinned_one(FILE.read_bytes() + b"\n")
