"""What holds for every page of the bank."""

from django.http import HttpResponseBadRequest
from django.utils.cache import patch_cache_control


def never_store(get_response):
    """No cache keeps a page of the bank; a path or query with NUL in it is refused."""

    def middleware(request):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        response = get_response(request)
        patch_cache_control(response, no_store=True)
        return response

    return middleware
