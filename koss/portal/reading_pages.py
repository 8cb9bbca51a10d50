"""What each reading page is drawn with: for those who open it, and for those who search in it."""

from django.conf import settings

from applications.status_page import explained
from koss.portal import accessibility, glossary, offices, pages
from koss.portal.faq import GROUPS
from koss.portal.guides import pictures, shelf
from koss.portal.menu import PREPARED


def context_of(page, **instead):
    """All that the template of ``page`` needs, but for the form of ``koss.portal.weight_tax``.

    ``instead``: what is given here is not looked up.
    """
    more = instead or (_MORE[page.name]() if page.name in _MORE else {})
    if page.name in shelf.BY_NAME:
        guide = shelf.BY_NAME[page.name]
        more = {"guide": guide, "steps_shown": [_shown(step) for step in guide.steps]}
    return {**frame_of(page), **more}


def frame_of(page):
    """What every reading page is drawn with."""
    steps, step, before, after = pages.beside(page.name)
    return {
        "here": page,
        "trail": pages.trail(page.name),
        "below": pages.children(page.name),
        "steps": steps or pages.STEPS.get(page.name),
        "step": step,
        "before": before,
        "after": after,
        "terms": glossary.NAMES,
    }


def _shown(step):
    """(step, its picture or None)."""
    return step, pictures.of(step.scene) if step.scene else None


def _questions():
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    question = {anchor: text for group in GROUPS for anchor, text in group.questions.items()}
    return {"groups": GROUPS, "question": question, "mail_domain": sender}


_MORE = {
    "accessibility": lambda: {"run": accessibility.last_run()},
    "faq": _questions,
    "glossary": lambda: {"rows": glossary.rows()},
    "prepared": lambda: {"menu_groups": PREPARED.groups},
    "service_area": lambda: {"prefectures": offices.by_prefecture()},
    "statuses": lambda: {"statuses": explained.every_status()},
    "site_map": lambda: {"pages": pages.PAGES, "menu_groups": PREPARED.groups},
}
