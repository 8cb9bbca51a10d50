"""Read-only pages: rows of names and values, and tables below them."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from koss.admin_kit.lists import ReadOnlyAdmin
from koss.ground import numbers
from koss.templatetags.koss import day, moment, yen

# How many rows a table of a page shows; the rest stands in the list of its own.
SHOWN = 50
_MONEY = {"amount"}
_NUMBERS = {"payment_number", "receipt_number"}


class PageLink(NamedTuple):
    """A cell that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` is its place on the page. ``more``: the address of the list that has
    the rows not shown; ``page``: of a paginator, where the table is leafed through."""

    key: str
    title: str
    headings: list
    rows: list
    more: str = ""
    page: object = None


def shown(row, name):
    """The value of a field as people read it; "-" where there is none."""
    field = row._meta.get_field(name)
    value = getattr(row, name)
    if value in (None, ""):
        return "-"
    if field.choices:
        return getattr(row, f"get_{name}_display")()
    if isinstance(field, models.DateTimeField):
        return moment(value)
    if isinstance(field, models.DateField):
        return day(value)
    if name in _MONEY:
        return yen(value)
    return numbers.grouped(value) if name in _NUMBERS else str(value)


def rows_of(row, *names):
    """(label, value) of each field."""
    return [(row._meta.get_field(name).verbose_name, shown(row, name)) for name in names]


def headings(model, *names):
    return [model._meta.get_field(name).verbose_name for name in names]


def link_to(row, text=None):
    """To the page of ``row`` in the admin."""
    meta = row._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_change"
    return PageLink(str(row) if text is None else text, reverse(name, args=[row.pk]))


def list_of(model, word):
    """The address of the list of ``model``, searched for ``word``."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?{urlencode({'q': word})}"


def first(queryset):
    """(rows to show, whether there are more)."""
    rows = list(queryset[: SHOWN + 1])
    return rows[:SHOWN], len(rows) > SHOWN


class PageAdmin(ReadOnlyAdmin):
    """A row has a page that is drawn from ``page_of``; it takes no form.

    ``page_of(request, row)`` returns a dict with ``rows``, ``tables`` and what its template needs.
    """

    page_template = "admin/payments/page.html"
    page_related = ()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            raise Http404
        row = self.row_or_404(request, int(object_id))
        return self.render(request, row, self.page_template, self.page_of(request, row))

    def row_or_404(self, request, pk):
        """The row, if the person who asks may see it at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request)
        if self.page_related:
            rows = rows.select_related(*self.page_related)
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def render(self, request, row, template, page, *, status=200):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.title_of(row),
            "row": row,
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "row_url": link_to(row).url,
            **page,
        }
        return TemplateResponse(request, template, context, status=status)

    def title_of(self, row):
        return str(row)


def called(information):
    """The payment number, or that there is none: what people read at the end of a link."""
    return numbers.grouped(information.payment_number) or gettext("納付番号なし")
