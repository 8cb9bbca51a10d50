"""From one application to the next of the list that it was opened from, and back to that list.

Django names the conditions of a list in the address of what is opened from it
(``_changelist_filters``). They are kept here through every step.
"""

from copy import copy
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from applications.life import proposals
from applications.staff import reviews, work
from koss.ground import addresses, clock, counting, signs

_KEPT_AS = "_changelist_filters"
# The list of who came without one: what waits for the own role.
MINE = "work=mine"


class _OnlyOrder(ChangeList):
    """The rows of a list in its order; no page of them is read."""

    def get_results(self, request):
        self.result_count = 0


class Trail:
    """For the admin of applications."""

    def get_changelist(self, request, **kwargs):
        return _OnlyOrder if hasattr(request, "only_order") else super().get_changelist(request)

    def conditions_of(self, request):
        """Of the list that this page belongs to, as the query of its address; "" for none."""
        return QueryDict(self.get_preserved_filters(request)).get(_KEPT_AS, "")

    def trail_of(self, request):
        """For templates: what each address of the way carries, and the list to go back to."""
        conditions = self.conditions_of(request)
        return {"trail": kept(conditions), "list_url": list_url(conditions)}

    def next_view(self, request, pk):
        """To the next application, without moving this one."""
        application = self.in_reach_or_404(request, pk)
        if request.method == "GET":  # what only looks at the address ends nothing
            reviews.end(application, request.user)
        return self.to_next(request, application)

    def to_next(self, request, application):
        """To what waits behind ``application`` in its list, or to the list when nothing does.

        What somebody else is reviewing is passed over.

        ``application`` as it stood in the list, before it was moved.
        """
        conditions = self.conditions_of(request) or MINE
        following = self._following(request, application, conditions)
        return redirect(page_url(following.pk, conditions) if following else list_url(conditions))

    def _following(self, request, application, conditions):
        rows = self._rows_of(request, conditions)
        if rows is None:
            return None
        waiting = rows.exclude(pk=application.pk)
        waiting = reviews.without_those_of_others(waiting, request.user, now=clock.now())
        if settings.KOSS_SECOND_REVIEW:
            waiting = proposals.without_own(waiting, request.user)
        after = _behind(application, rows.query.order_by)
        for further in filter(None, [after, Q(pk__gt=0)]):
            # Of each status the first alone: an index has them in this order.
            of_each = [
                waiting.filter(further, status=status) for status in work.waiting_for(request.user)
            ]
            if following := rows.filter(pk__in=counting.first_keys(of_each, 1)).first():
                return following
        return None

    def _rows_of(self, request, conditions):
        """The rows of that list in its order, or None where it cannot be read."""
        asked = QueryDict(conditions, mutable=True)
        asked.pop(PAGE_VAR, None)
        if not all(map(_is_readable, asked.lists())):
            return None
        of_list = copy(request)
        of_list.GET, of_list.only_order = asked, True
        try:
            return self.get_changelist_instance(of_list).queryset
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            return None


def kept(conditions):
    """What is added to the address of a page on the way; "" where there is nothing to keep."""
    return f"?{urlencode({_KEPT_AS: conditions})}" if conditions else ""


def list_url(conditions):
    url = reverse("admin:applications_application_changelist")
    return f"{url}?{conditions}" if conditions else url


def page_url(pk, conditions):
    return reverse("admin:applications_application_change", args=[pk]) + kept(conditions)


def _is_readable(parameter):
    """What the gate looks at in every address, of one inside another."""
    name, values = parameter
    if not all(map(signs.is_text, [name, *values])):
        return False
    keys = [] if name == SEARCH_VAR else ",".join(values).split(",")
    return not any(map(addresses.is_too_long, keys))


def _behind(row, order):
    """Condition for what comes after ``row``, or None where a value of the order is missing."""
    whole, same = Q(), Q()
    for name in order:
        field = name.removeprefix("-")
        value = getattr(row, field)
        if value is None:
            return None
        step = "lt" if name.startswith("-") else "gt"
        whole |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    # Said once more of the first column alone, so that its index is entered at the right place.
    first = order[0]
    step = "lte" if first.startswith("-") else "gte"
    field = first.removeprefix("-")
    return whole & Q(**{f"{field}__{step}": getattr(row, field)})
