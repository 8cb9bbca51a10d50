"""The staff's site, and the read-only ground on which every staff screen stands.

Nothing is registered here: this module is loaded while the site itself is being made.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import BadRequest
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import roles, work
from applications.status import Actor
from koss.paging import COUNTED, CappedPaginator


class StaffLoginForm(AdminAuthenticationForm):
    """Django's, but a name that nobody can have is not looked up, nor counted as a try."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line on the first page. ``count``: of what waits there; None where nothing is counted."""

    title: str
    url: str
    count: int | None = None


class KossAdminSite(admin.AdminSite):
    """Django's admin under the portal's name.

    ``reminders``: functions of the apps that give a ``Reminder`` for a user, or None.
    """

    login_form = StaffLoginForm
    site_header = format_lazy("{} {}", settings.KOSS_PORTAL_NAME, _("職員用"))
    site_title = site_header
    index_title = _("職員の作業")
    # The list of applications needs the width.
    enable_nav_sidebar = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reminders = []

    def index(self, request, extra_context=None):
        """The first page begins with what waits for whoever looks."""
        waiting = {
            "waiting": work.counts_for(request.user),
            "counted": COUNTED,
            "counter": roles.Role.COUNTER.label
            if Actor.COUNTER in roles.actors_of(request.user)
            else "",
            "reminders": [
                reminder for ask in self.reminders if (reminder := ask(request.user)) is not None
            ],
        }
        return super().index(request, waiting | (extra_context or {}))


class StaffAdmin(admin.ModelAdmin):
    """What holds for every list: no count over a whole table, no facets, no ``show all``."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_max_show_all = 0

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

    def response_action(self, request, queryset):
        """Keys that no list ever offered are answered with 400, before a database meets them."""
        keys = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            raise BadRequest("no such row")
        return super().response_action(request, queryset)


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
            if not field.primary_key and field.name not in self.hidden
        ]
