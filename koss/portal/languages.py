"""The language in which somebody reads: chosen in the header, else what their browser asks for.

Programs read Japanese words beside stable codes, whatever they ask for.
"""

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from koss.api import problems
from koss.portal.places import keep_and_go_back


def of(request):
    """The code of the language, one of ``settings.LANGUAGES``; Japanese where nothing is asked."""
    if problems.is_for(request):
        return settings.LANGUAGE_CODE
    # A cookie may be written in other letters: there is one name for each language.
    return translation.get_language_from_request(request).lower()


def of_pages(language):
    """The language of whole pages of ``language``: やさしい日本語 has some sentences only."""
    return settings.LANGUAGE_CODE if language == settings.PLAIN_JAPANESE else language


def of_all_pages():
    """The languages in which whole pages are, in the order of the settings."""
    return list(dict.fromkeys(of_pages(code) for code, _name in settings.LANGUAGES))


def speak(get_response):
    """Answer in the reader's language, pages of mishaps too: stands outside of all that has words.

    A file that is written while it is sent is read after this has ended, so the language stays
    until the next request on this thread sets its own.
    """

    def middleware(request):
        before = translation.get_language()
        request.LANGUAGE_CODE = of(request)
        translation.activate(request.LANGUAGE_CODE)
        response = get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if not response.streaming:
            translation.activate(before)
        return response

    return middleware


@require_POST
def choose(request):
    """Keep the chosen language and go back to where it was chosen."""
    chosen = request.POST.get("language")
    cookie = settings.LANGUAGE_COOKIE_NAME
    return keep_and_go_back(request, cookie, chosen, dict(settings.LANGUAGES))
