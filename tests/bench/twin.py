"""The status page as one would write it first: rows from the ORM, templates, no thought of cost."""

from functools import cache
from pathlib import Path

from django.http import HttpResponse
from django.template import engines

from applications.models import Application, Office
from koss.ground import clock
from koss.portal.pages import PAGES
from payments.models import PaymentLine


def status(request, pk):
    """Shows what the portal's own page shows, without a sign-in."""
    application = Application.objects.get(pk=pk)
    charges = list(application.charges.all())
    context = {
        "application": application,
        "office": Office.objects.get(pk=application.office_id),
        "attachments": application.attachments.all(),
        "charges": charges,
        "lines": PaymentLine.objects.filter(charge__in=charges).select_related("information"),
        "notices": application.notices.all(),
        "history": application.history.order_by("-version"),
        "rows": [
            (field.verbose_name, getattr(application, field.name))
            for field in Application._meta.concrete_fields
        ],
        "pages": PAGES,
        "today": clock.today(),
    }
    return HttpResponse(_template().render(context, request))


@cache
def _template():
    return engines["django"].from_string(Path(__file__).with_name("twin.html").read_text())
