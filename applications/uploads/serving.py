"""Handing an uploaded file out, as a download that no browser runs. The view decides to whom."""

from django.http import FileResponse, Http404
from django.shortcuts import render

from applications.uploads import keeping

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Altered(Http404):
    """The storage does not hold what was kept there."""


def download(upload):
    """The file itself, to be saved under the name that it came with. Raises Altered."""
    if not keeping.is_intact(upload):
        raise Altered(upload.key)
    return _response(upload.key, upload.media_type, as_attachment=True, filename=upload.name)


def to_applicant(request, upload):
    """As ``download``; a page that says so where the file was altered."""
    try:
        return download(upload)
    except Altered:
        return render(request, "applications/file_altered.html", {"upload": upload}, status=409)


def preview(upload):
    """A JPEG of its first page, which this portal has drawn itself. Raises Altered."""
    name = keeping.preview_of(upload.key)
    if not keeping.holds(name, upload.preview_digest):
        raise Altered(name)
    return _response(name, "image/jpeg")


def _response(name, media_type, **how):
    file = keeping.store().open(name)
    return FileResponse(file, content_type=media_type, headers=_HEADERS, **how)
