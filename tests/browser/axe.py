"""axe-core, which finds many of the barriers that a page puts up, run inside the page."""

from pathlib import Path

_SOURCE = Path(__file__).with_name("axe.min.js")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Swagger UI, which is not ours, nests its buttons; the guide and the description say the same.
_RUN = """([type, values]) => axe.run({include: [["html"]], exclude: [[".swagger-ui"]]}, {
  runOnly: {type, values}, resultTypes: ["violations"], preload: false,
}).then(found => found.violations.flatMap(rule => rule.nodes.map(
  node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""

# A change of colour takes its time on some pages: look at where it leads.
_FADED = "() => document.getAnimations().forEach(each => each.finish())"


def violations(page):
    """What axe finds on the page that is open, one text for each element."""
    return _found(page, "tag", _TAGS)


def faint_in_the_dark(page):
    """What axe cannot read on the page that is open where the device asks for a dark scheme."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(_FADED)
    found = _found(page, "rule", ["color-contrast"])
    page.emulate_media(color_scheme="light")
    return found


def _found(page, kind, values):
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SOURCE.read_text())
    return page.evaluate(_RUN, [kind, values])
