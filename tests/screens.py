"""A picture of every kind of page, for docs/screens.md: taken while the walk has it in its window.

``make accessible`` asks for them; a run of the tests takes none.
"""

import io
import os
import re
from pathlib import Path

from PIL import Image

from tests.browser.person import DESK, PHONE

_DOCS = Path(__file__).parents[1] / "docs"
FOLDER, PAGE = _DOCS / "screens", _DOCS / "screens.md"
_WANTED = "TAKE_SCREENS"
# Pictures are this wide, and show no more than this many times their width.
_WIDTHS = {"desk": 640, "phone": 240}
_HIGHEST = {"desk": 1.5, "phone": 3}
_QUALITY = 40


def begin():
    """Let the walk of this process, and of those it starts, take pictures."""
    os.environ[_WANTED] = "1"
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()


def take(window, kind):
    """The page that is open in ``window``, at a desk and, but for staff, on a phone."""
    if _WANTED not in os.environ:
        return
    for name, size in {"desk": DESK, "phone": PHONE}.items():
        if name == "phone" and kind.role:
            continue
        window.page.set_viewport_size(size)
        picture = Image.open(io.BytesIO(window.page.screenshot(full_page=True))).convert("RGB")
        width = _WIDTHS[name]
        picture = picture.resize((width, round(picture.height * width / picture.width)))
        most = round(width * _HIGHEST[name])
        shown = picture.crop((0, 0, width, min(picture.height, most)))
        shown.save(_file(kind, name), "WEBP", quality=_QUALITY, method=6)


def _groups():
    from tests import every_page  # asks for settings, which the run of the walk makes

    return {
        "だれでも見られる画面": every_page.PUBLIC,
        "状況照会": every_page.STATUS_PAGES + every_page.APPLICANT,
        "申請を行う": every_page.APPLY,
        "納付": every_page.PAYER + every_page.MONEY,
        "マイページ": every_page.USER,
        "職員": every_page.STAFF,
    }


def write_page(run):
    """docs/screens.md: all that was taken, by who sees it. ``run``: an accessibility.Run."""
    lines = [
        "# Every screen",
        "",
        f"Made by `make accessible` on {run.on}; do not edit. Each kind of page with a row or two,",
        "at 1280 pixels and, but for staff, at 375; long ones are cut.",
    ]
    for title, kinds in _groups().items():
        lines += ["", f"## {title}"]
        for kind in kinds:
            shown = [_file(kind, name) for name in _WIDTHS]
            pictures = " ".join(
                f'<img src="screens/{each.name}" width="{width}" alt="{kind.name}">'
                for each, width in zip(shown, _WIDTHS.values(), strict=True)
                if each.exists()
            )
            lines += ["", f"### {kind.name}", "", pictures]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _file(kind, name):
    return FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', kind.name.lower()).strip('-')}-{name}.webp"
