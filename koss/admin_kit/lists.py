"""The ground of every staff screen: lists that stay fast, read-only pages, reminders.

Nothing is registered here: this module is loaded while the site itself is being made.
"""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest
from django.db import models
from django.utils.translation import gettext

from koss.admin_kit import log, search
from koss.ground import dates
from koss.ground.joining import listed
from koss.ground.name_search import NamesColumn
from koss.ground.paging import CappedPaginator


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line on the first page. ``count``: of what waits there; None where nothing is counted."""

    title: str
    url: str
    count: int | None = None


class StaffAdmin(admin.ModelAdmin):
    """What holds for every list: no count over a whole table, no facets, no ``show all``."""

    paginator = CappedPaginator
    show_full_result_count = False
    # What the list is searched by: kinds of ``koss.admin_kit.search``, which also draw the field.
    searches = ()
    search_fields = ()
    show_facets = admin.ShowFacets.NEVER
    list_max_show_all = 0

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Dates that staff type are of the portal's time."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, models.DateField):
            field.validators = [*field.validators, dates.require]
        return field

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """A form that is sent again goes to the page itself, not to a field that was linked."""
        form_url = form_url or request.get_full_path()
        return super().render_change_form(request, context, add, change, form_url, obj)

    @property
    def search_help_text(self):
        """What can be searched for, below the field."""
        kinds = listed(kind.what for kind in self.searches)
        return gettext("%sで検索します。") % kinds if kinds else None

    def get_search_fields(self, request):
        """Django draws the field where there is any."""
        return ["pk"] if self.searches else []

    def get_search_results(self, request, queryset, search_term):
        if search.fault_of(search_term):
            return queryset.none(), False
        if not search_term.strip():
            return queryset, False
        return search.narrow(queryset, self.searches, search_term), False

    def changelist_view(self, request, extra_context=None):
        """What is too long to be searched for is said, and cut: every link repeats it."""
        typed = request.GET.get(SEARCH_VAR, "")
        if fault := search.fault_of(typed):
            messages.error(request, fault)
            request.GET = request.GET.copy()
            request.GET[SEARCH_VAR] = search.shortened(typed)
        response = super().changelist_view(request, extra_context)
        if cl := getattr(response, "context_data", {}).get("cl"):
            response.context_data["conditions"] = _conditions(cl)
        return response

    def get_actions(self, request):
        """Deleting many at once is offered nowhere."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def lookup_allowed(self, lookup, value, request):
        """Only what a filter offers. Django allows every field of the model in an address, and
        ``?password__startswith=`` would tell a hidden value letter by letter.
        """
        offered = set()
        for each in self.get_list_filter(request):
            name = each[0] if isinstance(each, tuple) else each
            offered.add(name if isinstance(name, str) else name.parameter_name)
        return lookup.partition("__")[0] in offered

    def history_view(self, request, object_id, extra_context=None):
        """As Django's, in words also where codes and facts are kept."""
        response = super().history_view(request, object_id, extra_context)
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            entry.change_message = log.words(entry)
        return response

    def response_action(self, request, queryset):
        """Keys that no list ever offered are answered with 400, before a database meets them."""
        keys = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            raise BadRequest("no such row")
        return super().response_action(request, queryset)


def _conditions(changelist):
    """How many conditions narrow this list, the search among them."""
    chosen = sum(value not in ("", [""]) for value in changelist.get_filters_params().values())
    return chosen + bool(changelist.query)


class ReadOnlyAdmin(StaffAdmin):
    """Shows rows and lets nobody change them, superusers included. The default for every model.

    ``hidden``: fields that are not even shown.
    """

    hidden = ()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return self.fields or [
            field.name
            for field in self.opts.fields
            if not field.primary_key
            and field.name not in self.hidden
            and not isinstance(field, NamesColumn)
        ]
