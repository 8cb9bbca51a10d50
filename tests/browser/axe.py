"""axe-core, which finds many of the barriers that a page puts up, run inside the page."""

from pathlib import Path

_SOURCE = Path(__file__).with_name("axe.min.js")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Swagger UI, which is not ours, nests its buttons; the guide and the description say the same.
_RUN = """tags => axe.run({include: [["html"]], exclude: [[".swagger-ui"]]}, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
}).then(found => found.violations.flatMap(rule => rule.nodes.map(
  node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""


def violations(page):
    """What axe finds on the page that is open, one text for each element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SOURCE.read_text())
    return page.evaluate(_RUN, _TAGS)
