"""画面の配色: light, dark, or as the reader's device asks; chosen in the footer.

The dark sheet is linked with a condition that the server writes, so the choice works without a
script, and without a second copy of its colours (docs/adr/0043).
"""

from django.conf import settings
from django.views.decorators.http import require_POST

from koss.labels import Scheme
from koss.portal.places import keep_and_go_back

COOKIE = f"{settings.COOKIE_PREFIX}scheme"
SCHEMES = {"light": Scheme.LIGHT, "dark": Scheme.DARK, "device": Scheme.DEVICE}
# When the dark sheet is in force: never on paper.
_DARK_IN = {"dark": "screen", "device": "screen and (prefers-color-scheme: dark)"}


def of(request):
    """What was chosen, a key of ``SCHEMES``; ``"device"`` where nothing was."""
    chosen = request.COOKIES.get(COOKIE)
    return chosen if chosen in SCHEMES else "device"


def frame(request):
    """What the head and the footer of every page show."""
    chosen = of(request)
    return {"scheme": chosen, "schemes": SCHEMES.items(), "dark_in": _DARK_IN.get(chosen)}


@require_POST
def choose(request):
    """Keep the chosen scheme and go back to where it was chosen."""
    return keep_and_go_back(request, COOKIE, request.POST.get("scheme"), SCHEMES)
