"""What can be found: sections of the pages, entries of the menus, offices and news.

Texts are those that the pages show, made by the same templates from the same data.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from koss.api.views import guide_in_html
from koss.labels import Menu, Screen, Section
from koss.models import News
from koss.portal import menu, offices, pages, reading_pages, weight_tax
from koss.portal.context import frame, words
from koss.portal.search.folding import fold
from koss.portal.search.sections import sections_of

# Of news, the newest are searched: older ones are read in their list.
NEWEST_NEWS = 200


class EntryKind(models.TextChoices):
    """What a result is, for the reader."""

    PAGE = "page", _("ページ")
    GUIDE = "guide", _("手順")
    QUESTION = "question", Screen.FAQ
    TERM = "term", Screen.GLOSSARY
    ENTRANCE = "entrance", _("操作の入口")
    NEWS = "news", Section.ANNOUNCEMENT


@dataclass(frozen=True)
class SearchEntry:
    """``heading``: of the section, "" for a page itself. ``page``: the title of its page.

    ``trail``: titles of the pages above, from above. ``also``: what it is found by and not shown.
    ``weight``: less than 1 for what few people look for.
    """

    kind: EntryKind
    url: str
    page: str
    heading: str
    text: str
    trail: tuple[str, ...] = ()
    also: str = ""
    weight: float = 1

    @property
    def title(self):
        return self.heading or self.page

    @property
    def is_part(self):
        """A section whose heading says little without its page."""
        return bool(self.heading) and self.kind in (EntryKind.PAGE, EntryKind.GUIDE)

    @cached_property
    def in_title(self):
        return fold(self.title)

    @cached_property
    def beside(self):
        """Folded: the page around, and what else it is found by."""
        return fold(f"{self.page if self.heading else ''}\n{self.also}")

    @cached_property
    def in_text(self):
        return fold(self.text)

    @cached_property
    def anywhere(self):
        return f"{self.in_title}\n{self.beside}\n{self.in_text}"


class _AnyRate:
    """Stands for the table of rates, which is no text: every class of weight is named."""

    def amount(self, *_asked):
        return 0


_PLAIN_PAGES = (
    ("screen_applications", "pages/screen_applications.html", Screen.SCREEN_APPLICATIONS),
    ("bulk_applications", "pages/bulk_applications.html", Screen.BULK_APPLICATIONS),
    ("payment_choice", "pages/payment_choice.html", Menu.PAY),
)
# What they show changes, or is drawn by a script: they are found by their titles.
_BARE_PAGES = (("news", Screen.NEWS), ("api:reference", Screen.API_REFERENCE))
_KINDS = {"faq": EntryKind.QUESTION, "glossary": EntryKind.TERM, "procedures": EntryKind.GUIDE}
# The guide for makers of systems is long, and has every word of the others; so have the statuses.
_FOR_MAKERS = 0.6
_WEIGHTS = {"statuses": 0.85, "terms": 0.9}
# A list of links answers nothing by itself.
_LEFT_OUT = {"site_map"}
_INSTEAD = {
    "service_area": lambda: {"prefectures": ()},  # offices are asked for when they are searched
    "weight_tax": lambda: {"form": weight_tax.WeightTaxForm(table=_AnyRate())},
}


def of_the_site():
    """What is the same for everybody at any time, in the language that is active."""
    found = [entry for page in pages.PAGES for entry in _of_reading_page(page)]
    for name, template, title in _PLAIN_PAGES:
        found += _cut(_drawn(template, {}), EntryKind.PAGE, reverse(name), str(title))
    top = _drawn("pages/top.html", {"news": ()})
    itself, *_news = _cut(top, EntryKind.PAGE, reverse("top"), str(Screen.TOP))
    found.append(itself)
    guide = f"<main>{guide_in_html(get_language())}</main>"
    found += _cut(guide, EntryKind.PAGE, reverse("api:guide"), str(Screen.API), weight=_FOR_MAKERS)
    found += [
        SearchEntry(EntryKind.PAGE, reverse(name), str(title), "", "")
        for name, title in _BARE_PAGES
    ]
    found += _of_menus()
    return _without_repetitions(found)


def of_offices():
    """サービス対象手続・地域, one for each prefecture. One query."""
    page = pages.BY_NAME["service_area"]
    url = reverse(page.name)
    for number, (prefecture, listed) in enumerate(offices.by_prefecture(), start=1):
        known = (
            f"{each.office.name} {each.office.address} {each.office.hours}".strip()
            for each in listed
        )
        yield SearchEntry(
            EntryKind.PAGE,
            f"{url}#prefecture-{number}",
            str(page.title),
            prefecture,
            " ".join(known),
        )


def of_news(now):
    """Published at ``now``, the newest first. One query."""
    for item in News.objects.published(now=now)[:NEWEST_NEWS]:
        url = reverse("news_item", args=[item.pk])
        trail = (str(Screen.NEWS),)
        yield SearchEntry(EntryKind.NEWS, url, item.title, "", " ".join(item.body.split()), trail)


def _of_reading_page(page):
    if page.name in _LEFT_OUT:
        return []
    instead = _INSTEAD[page.name]() if page.name in _INSTEAD else {}
    context = reading_pages.context_of(page, **instead)
    kind = _KINDS.get(page.name) or (
        EntryKind.GUIDE if page.parent in (*pages.STEPS, "procedures") else EntryKind.PAGE
    )
    trail = tuple(str(above.title) for above in pages.trail(page.name))
    html = _drawn(f"pages/{page.template}.html", context)
    about, weight = str(page.about), _WEIGHTS.get(page.name, 1)
    return _cut(html, kind, reverse(page.name), str(page.title), trail, about, weight)


def _drawn(template, context):
    """The page as somebody gets it who has no cookie, without menus; it asks no database."""
    request = HttpRequest()
    return render_to_string(template, {**words(request), **frame(request), "menus": (), **context})


def _cut(html, kind, url, page, trail=(), about="", weight=1):
    before, *sections = sections_of(html)
    text = f"{about} {before.text}".strip()
    found = [SearchEntry(kind, url, page, "", text, trail, weight=weight)]
    for each in sections:
        if each.text:
            there = f"{url}#{quote(each.anchor)}"
            found.append(
                SearchEntry(kind, there, page, each.heading, each.text, trail, each.reading, weight)
            )
    return found


def _of_menus():
    for group in menu.PREPARED.groups:
        for each in group.entries:
            trail = (str(menu.PREPARED.title), str(group.title))
            yield SearchEntry(
                EntryKind.ENTRANCE,
                reverse(each.url_name),
                str(each.name),
                "",
                str(each.about),
                trail,
            )


def _without_repetitions(entries):
    """The steps that both ways to apply share, and entries of both menus, stand there once."""
    known = set()
    for each in entries:
        said = (each.page, each.heading, each.text)
        if said not in known:
            known.add(said)
            yield each
