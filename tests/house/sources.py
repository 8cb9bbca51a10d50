"""The files of the house."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("koss", "applications", "payments", "qrcodes")


def python_files():
    """Every Python file of the product, without migrations."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates():
    """Every template of the product."""
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "templates").rglob("*.txt"))
