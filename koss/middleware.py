"""What holds for every request."""

from django.http import HttpResponseBadRequest


def refuse_control_characters(get_response):
    """Answer 400 to a path or query with NUL in it: PostgreSQL cannot store one."""

    def middleware(request):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


def never_store_private_pages(get_response):
    """Forbid every cache to keep a page that was made for one person."""

    def middleware(request):
        response = get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware
