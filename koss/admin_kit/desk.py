"""What the first page of staff is made of: tiles that count, and panels below them.

An app registers a function with ``admin.site.desks``: (user, now) to a ``Desk``, or None.
"""

from dataclasses import dataclass, field

# How a tile, a bar or a deadline looks; words beside it always say the same.
OVER, NEAR = "over", "near"


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that leads to the rows it counts. ``tone``: OVER, NEAR or ""."""

    title: str
    url: str
    count: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: ``template`` draws it from ``facts``. ``key``: its id in the page."""

    key: str
    title: str
    template: str
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    tiles: list = field(default_factory=list)
    panels: list = field(default_factory=list)


def joined(desks):
    """One desk of those that are not None."""
    desks = [desk for desk in desks if desk is not None]
    return Desk(
        [tile for desk in desks for tile in desk.tiles],
        [panel for desk in desks for panel in desk.panels],
    )
