"""What payment users did and asked for, as lists of their own. All read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from koss.admin_kit import search
from koss.admin_kit.lists import ReadOnlyAdmin
from payments.models import (
    CalendarAddress,
    Credential,
    MorningMail,
    PasswordReset,
    RememberedRequest,
    UserEvent,
    Webhook,
    WebhookDelivery,
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


@admin.register(Webhook)
class WebhookAdmin(_OfUserAdmin):
    """Where changes are told, and how that goes; nothing that would sign."""

    list_display = ["made_at", "user", "name", "address", "state", "delivered_at"]
    list_filter = ["state"]
    hidden = ["salt", "sealed", "sealed_before", "request_key"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was sent where, and what was answered. Signatures are the user's own to see."""

    list_display = ["made_at", "webhook", "event", "state", "tries", "due_at", "code", "fault"]
    list_filter = ["state"]
    list_select_related = ["webhook__user", "event"]
    searches = (
        finding.by_user("webhook__user__"),
        search.ReceiptNumber("event__application__receipt_number"),
        search.Exact(
            _("通知の番号（msg_…）"),
            "reference",
            read=lambda typed: typed.strip().lower().removeprefix("msg_"),
        ),
    )
    sortable_by = ()
    hidden = ["headers"]
