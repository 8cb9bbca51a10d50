"""The portal's own rows for staff: mail, news, the night, locks, jobs, and staff themselves."""

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from koss.access import leftovers, sources
from koss.admin_kit import log, search
from koss.admin_kit.lists import ReadOnlyAdmin, Reminder, StaffAdmin
from koss.ground import clock, dates, numbers
from koss.ground.forms import MomentField
from koss.ground.joining import listed
from koss.labels import Word
from koss.mail import outbox
from koss.models import (
    ApiExchange,
    DemoAccount,
    DemoClock,
    DemoSeat,
    News,
    NightRun,
    OpenHandle,
    OutgoingMail,
    PasswordLock,
    Source,
    SourceMiss,
    TypedText,
)
from koss.operation import night
from koss.staff import operation_desk as operation_desk  # the import registers a desk
from koss.staff import users as users  # the import registers staff and roles


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """送信メール: what was written to whom, and whether it left."""

    list_display = ["created_at", "grouped_number", "to", "subject_shown", "state", "sent_at"]
    list_display_links = ["created_at", "subject_shown"]
    list_filter = ["state"]
    searches = (search.ReceiptNumber("receipt_number"), search.Mail(_("メールアドレス"), "to"))
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

    @admin.display(description=Word.MAIL_SUBJECT)
    def subject_shown(self, mail):
        return outbox.read(mail)[0]

    @admin.display(description=Word.MAIL_TEXT)
    def text_shown(self, mail):
        if mail.sealed:
            return _("本人だけが読むメールのため、表示しません。")
        return outbox.read(mail)[1]


def _news_forms(**_address):
    return (forms.modelform_factory(News, fields="__all__"),)


@admin.register(News)
class NewsAdmin(StaffAdmin):
    """お知らせ of the top page."""

    list_display = ["title", "published", "shown"]
    list_filter = ["is_draft", ("stops_at", admin.EmptyFieldListFilter)]
    searches = (search.Words(_("件名・本文の言葉"), "title", "body", "title_en", "body_en"),)
    fieldsets = (
        (None, {"fields": ["title", "body"]}),
        (
            _("英語"),
            {
                "fields": ["title_en", "body_en"],
                "description": _("空のままにすると、英語の画面でも日本語のお知らせを表示します。"),
            },
        ),
        (_("掲載"), {"fields": ["is_draft", "published_at", "published_until"]}),
        (
            _("計画停止"),
            {
                "fields": ["stops_at", "resumes_at"],
                "description": _(
                    "入力すると、公開日時から停止が終わるまで、すべてのページの上に知らせます。"
                    "ほかのお知らせでは空のままにします。"
                ),
            },
        ),
    )

    @leftovers.keeps(News._meta.verbose_name, _news_forms)
    def add_view(self, request, *args, **kwargs):
        return super().add_view(request, *args, **kwargs)

    @leftovers.keeps(News._meta.verbose_name, _news_forms)
    def change_view(self, request, *args, **kwargs):
        return super().change_view(request, *args, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        leftovers.fill(request, context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)

    # One field with a label of its own, where Django draws two without.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": MomentField,
            "widget": forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            ),
        }
    }

    @admin.display(
        description=News._meta.get_field("published_at").verbose_name, ordering="published_at"
    )
    def published(self, news):
        return dates.bounded(news.published_at)

    @admin.display(description=_("掲載の状態"))
    def shown(self, news):
        now = clock.now()
        if news.is_draft:
            return News._meta.get_field("is_draft").verbose_name
        if news.published_at > now:
            return _("公開前")
        return (
            _("掲載終了") if news.published_until and news.published_until <= now else _("公開中")
        )

    def get_changeform_initial_data(self, request):
        return {"published_at": clock.now()}


@admin.register(NightRun)
class NightRunAdmin(ReadOnlyAdmin):
    list_display = ["business_date", "started_at", "finished_at", "counts_shown"]
    fields = ["business_date", "started_at", "finished_at", "counts_shown"]
    readonly_fields = ["counts_shown"]

    @admin.display(description=NightRun._meta.get_field("counts").verbose_name)
    def counts_shown(self, run):
        return listed(f"{title}: {count}" for title, count in night.told(run))


@admin.register(PasswordLock)
class PasswordLockAdmin(ReadOnlyAdmin):
    """Seen, never lifted: no role can open a locked application again."""

    list_display = ["subject_shown", "failures", "tried_at", "locked_at"]
    list_filter = [("locked_at", admin.EmptyFieldListFilter)]
    fields = ["subject_shown", "failures", "tried_at", "locked_at"]
    readonly_fields = ["subject_shown"]
    ordering = ["-pk"]

    @admin.display(description=PasswordLock._meta.get_field("subject").verbose_name)
    def subject_shown(self, lock):
        return str(lock)


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """接続元の制限: from where so many wrong passwords came that numbers are refused to it.

    An operator lifts that for somebody who calls; locks of numbers stay as they are.
    """

    list_display = ["address", "misses_now", "refused_at", "levels_at"]
    list_filter = [("refused_at", admin.EmptyFieldListFilter)]
    searches = (search.Exact(_("接続元の住所"), "address", read=str.strip),)
    fields = ["address", "misses_now", "refused_at", "levels_at"]
    readonly_fields = ["misses_now"]
    ordering = [models.F("refused_at").desc(nulls_last=True), "-pk"]
    sortable_by = ()
    actions = ["lift"]

    def has_lift_permission(self, request):
        return request.user.has_perm("koss.change_source")

    @admin.action(description=_("接続元の制限を解除する"), permissions=["lift"])
    def lift(self, request, queryset):
        for source in queryset:
            self.log_change(request, source, gettext("接続元の制限を解除"))
        count = sources.lift([source.pk for source in queryset])
        said = ngettext("%d件の制限を解除しました。", "%d件の制限を解除しました。", count) % count
        self.message_user(request, said, messages.SUCCESS)

    @admin.display(description=Source._meta.get_field("misses").verbose_name)
    def misses_now(self, source):
        return f"{sources.misses_now(source, now=clock.now()):.1f}"


def refused_sources(user):
    """The reminder of the first page: sources that were refused of late."""
    if not user.has_perm("koss.change_source"):
        return None
    count = sources.refused(now=clock.now()).count()
    if not count:
        return None
    url = f"{reverse('admin:koss_source_changelist')}?refused_at__isempty=0"
    return Reminder(_("誤りが多いため制限した接続元（24時間以内）"), url, count)


admin.site.reminders.append(refused_sources)


@admin.register(SourceMiss)
class SourceMissAdmin(ReadOnlyAdmin):
    """At how many numbers a source missed, and never at which."""

    list_display = fields = ["source", "level", "level_at"]
    list_select_related = ["source"]
    ordering = ["-pk"]


@admin.register(OpenHandle)
class OpenHandleAdmin(ReadOnlyAdmin):
    """What browsers have open: how much, never what, and nothing that opens it."""

    list_display = fields = ["shelf", "made_at", "seen_at", "ended_for_room"]
    list_filter = ["ended_for_room"]
    ordering = ["-pk"]


@admin.register(TypedText)
class TypedTextAdmin(ReadOnlyAdmin):
    """How much was typed and not sent: never what, and never by whom."""

    list_display = fields = ["kept_at"]
    ordering = ["-pk"]


@admin.register(DemoClock, DemoAccount, DemoSeat)
class DemoAdmin(ReadOnlyAdmin):
    """Kept by the demo page, and not even shown outside demo mode."""

    def has_view_permission(self, request, obj=None):
        return settings.DEMO and super().has_view_permission(request, obj)


@admin.register(ApiExchange)
class ApiExchangeAdmin(DemoAdmin):
    """What /demo/log/ shows too."""

    list_display = ["at", "credential", "method", "path", "code", "reference"]
    list_select_related = ["credential"]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What staff did in the admin beside moving applications, which have their own history."""

    list_display = ["action_time", "user", "content_type", "object_repr", "message"]
    list_select_related = ["user", "content_type"]
    searches = (search.Words(_("ユーザー名・対象の言葉"), "user__username", "object_repr"),)
    fields = ["action_time", "user", "content_type", "object_repr", "message"]
    readonly_fields = ["message"]
    sortable_by = ()

    @admin.display(description=LogEntry._meta.get_field("change_message").verbose_name)
    def message(self, entry):
        return log.words(entry) or gettext("記録なし")


# The library registers a list whose filters read its whole table, and has no Japanese. A migration
# looks at what the library declared, not at these names.
admin.site.unregister(DBTaskResult)
JOBS = _("裏で行う処理")
apps.get_app_config(DBTaskResult._meta.app_label).verbose_name = JOBS
DBTaskResult._meta.verbose_name = DBTaskResult._meta.verbose_name_plural = JOBS
JOB_STATES = {
    TaskResultStatus.READY: _("待機中"),
    TaskResultStatus.RUNNING: _("実行中"),
    TaskResultStatus.FAILED: _("失敗"),
    TaskResultStatus.SUCCESSFUL: _("正常終了"),
}
for _name, _words in {
    "id": _("処理番号"),
    "enqueued_at": _("登録日時"),
    "started_at": _("開始日時"),
    "finished_at": _("終了日時"),
    "args_kwargs": _("引数"),
    "priority": _("優先度"),
    "task_path": _("処理名"),
    "worker_ids": _("実行プロセス"),
    "queue_name": _("待ち行列"),
    "backend_name": _("登録先"),
    "return_value": _("戻り値"),
    "exception_class_path": _("エラーの種類"),
}.items():
    DBTaskResult._meta.get_field(_name).verbose_name = _words


class JobStateFilter(admin.SimpleListFilter):
    title = _("処理の状態")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return JOB_STATES.items()

    def queryset(self, request, rows):
        return rows.filter(status=self.value()) if self.value() in JOB_STATES else rows


@admin.register(DBTaskResult)
class JobAdmin(ReadOnlyAdmin, DBTaskResultAdmin):
    """Work off the request. Nothing depends on these rows: each job's subject has its own state."""

    list_display = ["task_path", "state", "enqueued_at", "started_at", "finished_at", "queue_name"]
    list_filter = [JobStateFilter]
    sortable_by = ()
    readonly_fields = [
        "id", "task_path", "state", "queue_name", "priority", "enqueued_at", "run_from",
        "started_at", "finished_at", "args_kwargs", "return_value", "exception_class_path",
        "trace", "worker_ids", "backend_name",
    ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields

    def get_fields(self, request, obj=None):
        return self.readonly_fields

    @admin.display(description=_("処理の状態"))
    def state(self, job):
        return JOB_STATES[job.status]

    @admin.display(description=_("実行予定日時"))
    def run_from(self, job):
        return self.display_run_after(job)

    @admin.display(description=_("エラーの経過"))
    def trace(self, job):
        return self.formatted_traceback(job)
