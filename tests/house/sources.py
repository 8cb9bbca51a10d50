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


# The sandbox bank is another site: it may not import the portal's words, and types its own.
BANK = ROOT / "payments" / "sandbox"


def bank_templates():
    """Every template of the sandbox bank."""
    yield from sorted((BANK / "templates").rglob("*.html"))


def templates():
    """Every template of the product."""
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "templates").rglob("*.txt"))
