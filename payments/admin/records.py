"""What payment users did and asked for, as lists of their own. All read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from koss.admin_site import ReadOnlyAdmin
from payments.admin import finding
from payments.models import PasswordReset, UserEvent


class _OfUserAdmin(ReadOnlyAdmin):
    """Found by the ID of the user."""

    list_select_related = ["user"]
    search_fields = ["user__user_id"]  # draws the search field; see below
    search_help_text = _("納付利用者IDまたは一括利用者IDで検索します。")
    sortable_by = ()

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(finding.of_user(search_term)), False


@admin.register(UserEvent)
class UserEventAdmin(_OfUserAdmin):
    """ログイン履歴, of all users."""

    list_display = ["at", "user", "kind", "by", "source"]
    fields = ["at", "user", "kind", "by", "reason", "source"]


@admin.register(PasswordReset)
class PasswordResetAdmin(_OfUserAdmin):
    """When links were asked for and used; nothing that would open one."""

    list_display = ["made_at", "user", "expires_at", "used_at"]
    hidden = ["digest"]
