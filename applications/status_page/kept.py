"""The status page as it was drawn, shown again as long as nothing that it shows has changed.

A browser must not store the page (after 終了 nobody goes back to it), so a validator would
never be sent; the page is kept here instead. One query reads every row that the page can show, each
whole, and a digest of it is the page's version: no writer has to think of it (docs/adr/0041).
"""

from functools import cache
from hashlib import blake2b

from django.db import connection

from applications.life import moves
from applications.models import (
    Application,
    Attachment,
    Charge,
    HistoryEntry,
    Notice,
    Office,
    PaperSearch,
)
from koss.ground import clock, drawn, request_keys
from payments.models import DebitOrder, PaymentInformation, PaymentLine

TEMPLATE = "applications/status.html"
_OF_IT = "application_id = %s"
_ATTACHMENTS = "SELECT id FROM applications_attachment WHERE application_id = %s"
_LINES = (
    "SELECT line.information_id FROM payments_paymentline line "
    "JOIN applications_charge charge ON charge.id = line.charge_id "
    "WHERE charge.application_id = %s"
)
# Every table that the page reads beside the sign-in, and which of its rows.
SHOWN = {
    Application: "id = %s",
    Office: "id = (SELECT office_id FROM applications_application WHERE id = %s)",
    Attachment: _OF_IT,
    PaperSearch: f"attachment_id IN ({_ATTACHMENTS})",
    Notice: _OF_IT,
    HistoryEntry: _OF_IT,
    Charge: _OF_IT,
    PaymentLine: "charge_id IN (SELECT id FROM applications_charge WHERE application_id = %s)",
    PaymentInformation: f"id IN ({_LINES})",
    DebitOrder: f"information_id IN ({_LINES})",
}
_pages = drawn.DrawnPages(most=500)


def facts(key):
    """A digest of all that the page of the application ``key`` can show. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_rows_as_text(connection.vendor), [key] * len(SHOWN))
        rows = sorted(cursor.fetchall())
    return blake2b(repr(rows).encode(), digest_size=16).digest()


@cache
def _rows_as_text(vendor):
    return " UNION ALL ".join(
        f"SELECT {place}, {_row_as_text(model, vendor)} FROM {model._meta.db_table} shown "
        f"WHERE {those}"
        for place, (model, those) in enumerate(SHOWN.items())
    )


def _row_as_text(model, vendor):
    if vendor == "postgresql":
        return "shown::text"
    columns = (connection.ops.quote_name(each.column) for each in model._meta.concrete_fields)
    return f"json_array({', '.join(columns)})"


def answer(request, handle, key):
    """The page as it was drawn for ``handle``, or None where it has to be drawn (by ``draw``)."""
    if not drawn.KEEPS:
        return None
    now = clock.now()
    request.shown = (
        (handle, request.META.get("QUERY_STRING", ""), *drawn.frame_of(request)),
        (facts(key), clock.day(now), clock.business_date(now)),
    )
    place, version = request.shown
    kept = _pages.get(place)
    return _fill(request, *kept[1:]) if kept and kept[0] == version else None


def draw(request, context):
    """The page anew, with ``context``; kept where ``answer`` was asked for it."""
    page = drawn.draw(request, TEMPLATE, context)
    version = request.application.version
    if hasattr(request, "shown"):
        place, shown = request.shown
        _pages.put(place, (shown, page, version))
    return _fill(request, page, version)


def _fill(request, page, version):
    return page.answer(request, request_key=moves.RequestKey(version, request_keys.fresh()))
