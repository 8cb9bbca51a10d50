"""The portal's own rows for staff: mail, news, the night, locks, jobs, and staff themselves."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from koss import admin_users as admin_users  # registers staff and their roles
from koss import clock, numbers, outbox
from koss.admin_site import ReadOnlyAdmin, StaffAdmin
from koss.models import DemoAccount, DemoClock, News, NightRun, OutgoingMail, PasswordLock


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """送信メール: what was written to whom, and whether it left."""

    list_display = ["created_at", "grouped_number", "to", "subject_shown", "state", "sent_at"]
    list_display_links = ["created_at", "subject_shown"]
    list_filter = ["state"]
    search_fields = ["receipt_number"]  # draws the search field; the search is below
    search_help_text = _("受付番号（空白・ハイフン・全角も可）またはメールアドレスで検索します。")
    sortable_by = ()
    actions = ["send_again"]
    fields = [
        "state",
        "to",
        "grouped_number",
        "subject_shown",
        "text_shown",
        "created_at",
        "sent_at",
        "tries",
        "due_at",
        "last_error",
        "key",
    ]
    readonly_fields = ["grouped_number", "subject_shown", "text_shown"]

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            return queryset.filter(to__icontains=term), False
        return queryset.filter(receipt_number=numbers.fold(term)), False

    def has_resend_permission(self, request):
        return request.user.has_perm("koss.change_outgoingmail")

    @admin.action(description=_("送信不能のメールをもう一度送る"), permissions=["resend"])
    def send_again(self, request, queryset):
        count = outbox.send_again(OutgoingMail.objects.filter(pk__in=queryset), now=clock.now())
        said = ngettext("%d件をもう一度送ります。", "%d件をもう一度送ります。", count) % count
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)

    @admin.display(description=OutgoingMail._meta.get_field("receipt_number").verbose_name)
    def grouped_number(self, mail):
        return numbers.grouped(mail.receipt_number)

    @admin.display(description=OutgoingMail._meta.get_field("subject").verbose_name)
    def subject_shown(self, mail):
        return _text_of(mail)[0]

    @admin.display(description=OutgoingMail._meta.get_field("body").verbose_name)
    def text_shown(self, mail):
        sealed = mail.template in outbox.SEALED
        return _("本人だけが読むメールのため、表示しません。") if sealed else _text_of(mail)[1]


def _text_of(mail):
    """(subject, body) as sent; of a mail that was not tried yet, as it would be sent now."""
    return (mail.subject, mail.body) if mail.body else outbox.render(mail.template, mail.facts)


@admin.register(News)
class NewsAdmin(StaffAdmin):
    """お知らせ of the top page."""

    list_display = ["title", "published_at"]
    search_fields = ["title"]
    # One field with a label of its own, where Django draws two without.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            ),
        }
    }

    def get_changeform_initial_data(self, request):
        return {"published_at": clock.now()}


@admin.register(NightRun)
class NightRunAdmin(ReadOnlyAdmin):
    list_display = ["business_date", "started_at", "finished_at", "counts_shown"]
    fields = ["business_date", "started_at", "finished_at", "counts_shown"]
    readonly_fields = ["counts_shown"]

    @admin.display(description=NightRun._meta.get_field("counts").verbose_name)
    def counts_shown(self, run):
        return "、".join(f"{title}: {count}" for title, count in run.counts.items())


@admin.register(PasswordLock)
class PasswordLockAdmin(ReadOnlyAdmin):
    """Seen, never lifted: no role can open a locked application again (product.md "locks")."""

    list_display = ["subject_shown", "failures", "tried_at", "locked_at"]
    list_filter = [("locked_at", admin.EmptyFieldListFilter)]
    fields = ["subject_shown", "failures", "tried_at", "locked_at"]
    readonly_fields = ["subject_shown"]
    ordering = ["-pk"]

    @admin.display(description=PasswordLock._meta.get_field("subject").verbose_name)
    def subject_shown(self, lock):
        return str(lock)


@admin.register(DemoClock, DemoAccount)
class DemoAdmin(ReadOnlyAdmin):
    """Kept by the demo page, and not even shown outside demo mode."""

    def has_view_permission(self, request, obj=None):
        return settings.DEMO and super().has_view_permission(request, obj)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What staff did in the admin beside moving applications, which have their own history."""

    list_display = ["action_time", "user", "content_type", "object_repr", "message"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr"]
    fields = ["action_time", "user", "content_type", "object_repr", "message"]
    readonly_fields = ["message"]
    sortable_by = ()

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        who_or_what = Q(user__username=search_term) | Q(object_repr__icontains=search_term)
        return queryset.filter(who_or_what), False

    @admin.display(description=LogEntry._meta.get_field("change_message").verbose_name)
    def message(self, entry):
        return entry.get_change_message() or gettext("記録なし")


# The library registers a list whose filters read its whole table.
admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobAdmin(ReadOnlyAdmin, DBTaskResultAdmin):
    """Work off the request. Nothing depends on these rows: each job's subject has its own state."""

    list_filter = ["status"]
    sortable_by = ()

    def get_fields(self, request, obj=None):
        return self.get_readonly_fields(request, obj)
