"""Applications: the list with its search, and the page with its buttons."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.admin import shown
from applications.admin.bulk import BulkMoves
from applications.admin.file import page_of
from applications.admin.filters import (
    AgeFilter,
    AppliedFilter,
    DeadlineFilter,
    OfficeFilter,
    StatusFilter,
    WorkFilter,
)
from applications.admin.move_page import ELSEWHERE, MovePage
from applications.admin.notes import Notes
from applications.admin.reach import ReachAdmin
from applications.admin.second_page import SecondPage
from applications.admin.trail import Trail
from applications.life import asking, moves, proposals
from applications.models import Application
from applications.staff import reviews, roles, search
from applications.status import Actor
from koss.ground import clock, numbers


def _name_of(field):
    return Application._meta.get_field(field).verbose_name


@admin.register(Application)
class ApplicationAdmin(BulkMoves, MovePage, SecondPage, Notes, Trail, ReachAdmin):
    """Everything is read-only; the moves of the table are the only way to change anything."""

    list_display = [
        "number",
        "procedure",
        "status_shown",
        "changed",
        "deadline_shown",
        "applicant",
        "user",
        "plate",
        "office_name",
    ]
    list_select_related = ["office", "review__by"]
    searches = search.SEARCHES
    sortable_by = ["number"]  # the one column whose order an index gives
    actions = []

    def get_urls(self):
        def staff(view):
            return self.admin_site.admin_view(view)

        name = "applications_application"
        return [
            path("bulk/<slug:name>/", staff(self.bulk_view), name=f"{name}_bulk"),
            path("<key:pk>/next/", staff(self.next_view), name=f"{name}_next"),
            path("<key:pk>/move/<slug:name>/", staff(self.move_view), name=f"{name}_move"),
            path("<key:pk>/second/", staff(self.second_view), name=f"{name}_second"),
            path(
                "<key:pk>/attachment/<key:key>/",
                staff(self.attachment_view),
                name=f"{name}_attachment",
            ),
            path("<key:pk>/annual-tax/", staff(self.annual_tax_view), name=f"{name}_annual_tax"),
            path("<key:pk>/announcement/", staff(self.announce_view), name=f"{name}_announce"),
            path(
                "<key:pk>/announcement/<key:key>/end/",
                staff(self.end_view),
                name=f"{name}_announcement_end",
            ),
            *super().get_urls(),
        ]

    def get_list_filter(self, request):
        sees_one_office = roles.actors_of(request.user) == {Actor.COUNTER}
        office = [] if sees_one_office else [OfficeFilter]
        return [
            WorkFilter,
            DeadlineFilter,
            AgeFilter,
            AppliedFilter,
            *office,
            ("status", StatusFilter),
            "procedure",
            "payment_method",
        ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return proposals.marked(rows) if settings.KOSS_SECOND_REVIEW else rows

    def get_ordering(self, request):
        """Newest first; of deadlines the nearest; of what waits, what has waited longest."""
        work = request.GET.get("work")
        deadline = request.GET.get("deadline")
        if DeadlineFilter.is_by_deadline(deadline) or work == WorkFilter.UNPAID_TAX:
            return ["deadline", "pk"]
        waits = work or request.GET.get("since")
        return ["status_changed_at", "pk"] if waits else ["-pk"]

    @admin.display(description=_name_of("receipt_number"), ordering="receipt_number")
    def number(self, application):
        return numbers.grouped(application.receipt_number)

    @admin.display(description=_name_of("status"))
    def status_shown(self, application):
        review = reviews.of(application, now=clock.now())
        return shown.status_badge(
            application, review, waits=getattr(application, "waits_for_second", False)
        )

    @admin.display(description=_name_of("applicant_name"))
    def applicant(self, application):
        return shown.clamped(application.applicant_name)

    @admin.display(description=_name_of("user_name"))
    def user(self, application):
        return shown.clamped(application.user_name)

    @admin.display(description=_name_of("status_changed_at"))
    def changed(self, application):
        return f"{timezone.localtime(application.status_changed_at):%Y-%m-%d %H:%M}"

    @admin.display(description=_name_of("deadline"))
    def deadline_shown(self, application):
        return shown.due_in_words(application.deadline, clock.today())

    @admin.display(description=_("事務所"))
    def office_name(self, application):
        return application.office.name

    def in_reach_or_404(self, request, pk):
        """The application, if the person who asks may see it at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        application = (
            self.get_queryset(request).select_related("office", "review__by").filter(pk=pk).first()
        )
        if application is None:
            raise Http404
        return application

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one application. It takes no form: each button leads to one of its own."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdecimal()):
            raise Http404
        application = self.in_reach_or_404(request, int(object_id))
        return self.render_page(request, application)

    def render_page(self, request, application, *, status=200, **forms):
        """``forms``: one that was refused, with what was typed."""
        actors = roles.actors_on(request.user, application)
        now = clock.now()
        buttons = [
            move.name
            for actor in actors
            for move in moves.open_moves(application, actor=actor, now=now)
        ]
        made = list(application.proposals.select_related("by", "decided_by").order_by("pk"))
        waits = proposals.waiting_in(made, application)
        named = [
            name
            for name in dict.fromkeys(buttons)
            if name not in ELSEWHERE and not (waits and asking.needs_second(name))
        ]
        look = reviews.opened if named else reviews.other
        return TemplateResponse(
            request,
            "admin/applications/page.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": numbers.grouped(application.receipt_number),
                "application": application,
                "buttons": named,
                "reviewed": shown.reviewed_by(look(application, request.user, now=now)),
                "waits_for_code": bool(ELSEWHERE.intersection(buttons)),
                **self.trail_of(request),
                "waits": waits,
                "may_decide": waits is not None and waits.actor in actors,
                **page_of(application, actors=actors, proposals=made),
                **forms,
            },
            status=status,
        )
