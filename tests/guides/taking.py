"""Taking the pictures of the guides, each at a phone's width with what is pressed marked."""

import io
import json
import random
import secrets

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image

from koss.portal.guides import pictures, shelf
from tests import needs
from tests.browser.person import new_context
from tests.guides import digests, walks
from tests.guides.walks import WALKS
from tests.window import Window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

FOLDER = settings.BASE_DIR / "static" / "guides"
PHONE = {"width": 375, "height": 800}
COLOURS = 64
# The highest part of a screen that one picture shows, and the room around a part; in pixels.
HIGHEST, ROOM = 620, 8
_MARK = """([root, words]) => {
  const said = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const found = [...root.querySelectorAll("a, button, td")].find((element) =>
    words.some((each) => said(element) === each) && element.getClientRects().length);
  if (!found) return null;
  found.scrollIntoView({block: "nearest", inline: "center"});
  found.style.outline = "4px solid #d9001b";
  found.style.outlineOffset = "3px";
  const box = found.getBoundingClientRect();
  return {top: box.top + scrollY, height: box.height};
}"""
_BOX = """(root) => {
  const box = root.getBoundingClientRect();
  return {x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height};
}"""


@pytest.fixture(scope="module")
def phone(window):
    """A window as narrow as a phone, twice as fine."""
    if window is None:
        needs.miss("browser", "pictures are taken on SQLite with Chromium")
    context = new_context(
        window.context.browser, viewport=PHONE, device_scale_factor=pictures.SCALE
    )
    yield Window(context, window._server)
    context.close()


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_named():
    """Pictures of scenes that no guide has any longer go."""
    names = set(shelf.scenes())
    kept = {name: taken for name, taken in pictures.read_list().items() if name in names}
    _write(kept)
    for path in FOLDER.rglob("*.webp"):
        if path.stem not in names:
            path.unlink()


@pytest.fixture(autouse=True)
def _numbers(monkeypatch):
    """Numbers that are random elsewhere are the same each time."""
    fixed = random.Random(2026)
    monkeypatch.setattr(secrets, "randbelow", fixed.randrange)
    monkeypatch.setattr(secrets, "choice", fixed.choice)


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_take(walk, an_application, phone):
    scenes = shelf.scenes()
    for language, page in walks.pages(walk, an_application).items():
        for name in walk.scenes:
            _take(scenes[name], page, language, phone)


def _take(scene, page, language, phone):
    taken = pictures.read_list()
    digest = digests.digest(scene, page.html, language)
    path = FOLDER / language / f"{scene.name}.webp"
    if path.exists() and taken.get(scene.name, {}).get(language, {}).get("digest") == digest:
        return
    phone.shows(page)
    image = _cut(phone.page, scene, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS).convert("RGB").save(path, lossless=True, quality=60, method=4)
    size = {"digest": digest, "width": image.width, "height": image.height}
    taken.setdefault(scene.name, {})[language] = size
    _write(taken)


def _cut(page, scene, language):
    """The picture of ``scene``: its part, as high as fits around what is marked."""
    page.evaluate("() => document.fonts.ready")
    chosen = f'[aria-labelledby="{scene.part}"]' if scene.part else "main"
    root = page.locator(chosen).first.element_handle()
    marked = page.evaluate(_MARK, [root, _words(scene, language)]) if scene.marked else None
    assert marked or not scene.marked, f"{scene.name}: nothing to mark says {scene.marked}"
    box = page.evaluate(_BOX, root)
    top, bottom = box["y"] - ROOM, box["y"] + box["height"] + ROOM
    if marked and bottom - top > HIGHEST:
        middle = marked["top"] + marked["height"] / 2
        top = min(max(top, middle - HIGHEST / 2), bottom - HIGHEST)
    height = min(bottom - top, HIGHEST)
    clip = {"x": 0, "y": max(top, 0), "width": PHONE["width"], "height": height}
    shot = page.screenshot(full_page=True, clip=clip)
    return Image.open(io.BytesIO(shot)).convert("RGB")


def _words(scene, language):
    """What may stand on the thing that is pressed: its label, and the Japanese one beside it."""
    with translation.override(language):
        label = str(scene.marked)
    with translation.override(settings.LANGUAGE_CODE):
        japanese = str(scene.marked)
    return [label, f"{label} {japanese}"]


def _write(taken):
    text = json.dumps(dict(sorted(taken.items())), indent=1, sort_keys=True)
    pictures.LIST.write_text(text + "\n", encoding="utf-8")
