"""The import contracts of pyproject.toml hold, and no module stands outside them."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("koss", "applications", "payments", "qrcodes")
# What Django looks for by name, and what runs before there is a Django.
OUTSIDE = {"apps", "migrations", "settings", "bootstrap"}


def test_every_import_keeps_to_the_floors():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_module_of_the_house_has_a_floor():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    placed = {module.strip() for layer in layers for module in layer.split(":")}
    assert modules() == placed


def modules():
    """Every module or package directly under an app, as ``app.module``."""
    names = set()
    for app in APPS:
        for path in (ROOT / app).iterdir():
            is_package = (path / "__init__.py").exists()
            is_module = path.suffix == ".py" and path.stem != "__init__"
            if (is_package or is_module) and path.stem not in OUTSIDE:
                names.add(f"{app}.{path.stem}")
    return names
