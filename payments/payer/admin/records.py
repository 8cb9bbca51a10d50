"""What payment users did and asked for, as lists of their own. All read-only."""

from django.contrib import admin

from koss.admin_kit.lists import ReadOnlyAdmin
from payments.models import (
    CalendarAddress,
    Credential,
    MorningMail,
    PasswordReset,
    RememberedRequest,
    UserEvent,
)
from payments.staff import finding


class _OfUserAdmin(ReadOnlyAdmin):
    """Found by the ID of the user."""

    list_select_related = ["user"]
    searches = (finding.by_user(),)
    sortable_by = ()


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


@admin.register(CalendarAddress)
class CalendarAddressAdmin(_OfUserAdmin):
    """Who has a calendar and when it was read last; nothing that would open one."""

    list_display = ["made_at", "user", "read_at"]
    hidden = ["reference", "reads"]


@admin.register(MorningMail)
class MorningMailAdmin(_OfUserAdmin):
    """Who gets one mail in the morning, and until when it has told."""

    list_display = ["chosen_at", "user", "told_on"]
    hidden = ["told_lately"]


@admin.register(Credential)
class CredentialAdmin(_OfUserAdmin):
    """Which API keys there are and what they may do; nothing that would open anything."""

    list_display = ["made_at", "user", "name", "hint", "used_at", "ends_at"]
    fields = [
        "user",
        "name",
        "hint",
        "scopes_in_words",
        "made_at",
        "used_at",
        "ends_at",
        "end",
    ]
    hidden = ["digest", "request_key", "scopes", "window", "requests"]


@admin.register(RememberedRequest)
class RememberedRequestAdmin(ReadOnlyAdmin):
    """Which requests of programs were answered, never with what."""

    list_display = fields = ["at", "credential", "key", "code"]
    list_select_related = ["credential"]
    sortable_by = ()
