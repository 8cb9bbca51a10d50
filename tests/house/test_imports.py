"""The import contracts of pyproject.toml hold, and no module stands outside them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
APPS = ("koss", "applications", "payments", "qrcodes")
# What Django looks for by name, what runs before there is a Django, and another program.
OUTSIDE = {"apps", "migrations", "settings", "bootstrap", "sandbox"}
MOST_LAYERS = 10
# Screens: the last part of a module's name, or the folder that it lies in.
SCREENS = {
    "views",
    "forms",
    "admin",
    "urls",
    "account_forms",
    "debit_forms",
    "file_forms",
    "credential_forms",
}
# The composition may know every screen.
ROOF = ("koss.",)


def contracts(text):
    return tomllib.loads(text)["tool"]["importlinter"]["contracts"]


def project():
    return (ROOT / "pyproject.toml").read_text()


def lint(*options):
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo", *options], cwd=ROOT, capture_output=True, text=True
    )


def unplaced(text):
    """What the layers of ``text`` leave out, or name though it is not there; long contracts."""
    placed = set()
    for contract in contracts(text):
        if contract["type"] == "layers":
            if len(contract["layers"]) > MOST_LAYERS:
                yield contract["name"]
            placed |= {each.strip() for layer in contract["layers"] for each in layer.split(":")}
    inside = {app for app in placed if "." not in app}
    yield from sorted(modules() ^ (placed - inside))


def test_every_import_keeps_to_the_layers():
    result = lint()
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_planted_contract_is_broken(tmp_path):
    """The portal imports the words of the ground: a contract that forbids it fails."""
    planted = tmp_path / "contracts.toml"
    planted.write_text(
        '[tool.importlinter]\nroot_packages = ["koss"]\n[[tool.importlinter.contracts]]\n'
        'name = "planted"\ntype = "forbidden"\nsource_modules = ["koss.portal"]\n'
        'forbidden_modules = ["koss.ground"]\n'
    )
    assert "1 broken" in lint("--config", str(planted)).stdout


def test_every_module_of_the_house_has_a_layer():
    assert list(unplaced(project())) == []


def test_planted_gaps_in_the_layers_are_found():
    layers = "".join(f'    "koss.floor{n}",\n' for n in range(9))
    planted = project().replace('    "applications.life",\n', layers)

    found = list(unplaced(planted))

    assert found[0] == "The house, from roof to ground"
    assert {"applications.life", "koss.floor0"} <= set(found)


def test_rules_import_no_screens():
    graph = grimp.build_graph(*APPS, cache_dir=None)
    found = screens_known_to_rules(
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    )

    assert found == []


def test_a_planted_import_of_a_screen_is_found():
    planted = ("payments.money.settlements", "payments.payer.forms")

    assert screens_known_to_rules([planted]) == [planted]


def screens_known_to_rules(imports):
    """Those of ``imports``, pairs (importer, imported), by which a rule knows a screen."""
    return [
        (importer, imported)
        for importer, imported in imports
        if is_screen(imported)
        and not is_screen(importer)
        and not importer.startswith(ROOF)
        and not importer.startswith("payments.sandbox")
    ]


def is_screen(module):
    return bool(SCREENS & set(module.split(".")[1:]))


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
