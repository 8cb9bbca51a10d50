"""All guides, in the order in which their work is done, and the guide of a screen."""

from koss.portal.guides.after_sending import CORRECTION, INQUIRY, WITHDRAWAL
from koss.portal.guides.applying import APPLYING
from koss.portal.guides.codes import CODES
from koss.portal.guides.my_page import BATCH_FILE, MY_PAGE
from koss.portal.guides.paying import BATCH, DIRECT, INDIVIDUAL

GUIDES = (
    APPLYING,
    INQUIRY,
    CORRECTION,
    WITHDRAWAL,
    INDIVIDUAL,
    BATCH,
    DIRECT,
    CODES,
    MY_PAGE,
    BATCH_FILE,
)
BY_NAME = {guide.name: guide for guide in GUIDES}


def scenes():
    """{name: scene} of all guides; a name stands for one scene.

    Errors: ``ValueError`` where two scenes have one name.
    """
    found = {}
    for guide in GUIDES:
        for step in guide.steps:
            if step.scene and found.setdefault(step.scene.name, step.scene) != step.scene:
                raise ValueError(f"two scenes are called {step.scene.name}")
    return found


def _by_view():
    """{name of an address: (guide, number of its first step there)}; the first guide stands."""
    found = {}
    for guide in GUIDES:
        for number, step in enumerate(guide.steps, start=1):
            if step.scene:
                found.setdefault(step.scene.view, (guide.name, number))
    return found


_BY_VIEW = _by_view()


def of_screen(view):
    """(name of a guide, number of a step) that explain the address ``view``, or None."""
    return _BY_VIEW.get(view)
