"""A request as the web server hands it over."""

from io import BytesIO

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request in UTF-8. One in another charset still gets an answer: 400, by the gate.

    Django would decode the query by the charset that the request names, before any middleware
    runs, and some names of Python's codecs (zlib) break it.
    """

    def _set_content_type_params(self, meta):
        try:
            kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            kind, parameters = "", {"charset": "unreadable"}
        self.content_type, self.content_params = kind, parameters


class Handler(WSGIHandler):
    request_class = Request

    def __call__(self, variables, start_response):
        _take_in_chunks(variables)
        return super().__call__(variables, start_response)


def _most(variables):
    """The bulk interface has limits of its own, which its gate knows."""
    forms = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    is_bulk = variables.get("PATH_INFO", "").startswith("/api/v")
    return max(forms, settings.KOSS_API_LARGEST_SET) if is_bulk else forms


def _take_in_chunks(variables):
    """Give a body that was sent in chunks its length: Django reads none without.

    One that is too long is cut off behind the limit, which it is then refused for.
    """
    is_chunked = "chunked" in variables.get("HTTP_TRANSFER_ENCODING", "").lower()
    if is_chunked and not variables.get("CONTENT_LENGTH"):
        body = variables["wsgi.input"].read(_most(variables) + 1)
        variables["wsgi.input"], variables["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
