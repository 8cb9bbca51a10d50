"""What staff note in an application's file without moving it."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext

from applications.admin.forms import AnnouncementForm, AnnualTaxForm, AttachmentForm
from applications.admin.trail import page_url
from applications.life import announcements, attachments
from applications.models import Application, AttachmentKind, AttachmentState, NoticeKind
from applications.staff import roles
from applications.status import Actor
from koss.admin_kit import log
from koss.ground import clock


def _noting(*may):
    """For a view that takes a POST from one of the actors ``may``, and leads back to the page.

    The view gets the application and the actor.
    """

    def for_view(view):
        @wraps(view)
        def guarded(admin, request, pk, **key):
            application = admin.in_reach_or_404(request, pk)
            actor = next(iter(roles.actors_on(request.user, application) & set(may)), None)
            if actor is None:
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                answer = view(admin, request, application, actor, **key)
            except attachments.MayNotMark:
                messages.error(request, gettext("手続の終わった申請には記録できません。"))
                answer = None
            return answer or redirect(page_url(pk, admin.conditions_of(request)))

        return guarded

    return for_view


@log.tells("attachment")
def _attachment(kind, state):
    return f"{AttachmentKind(kind).label}：{AttachmentState(state).label}"


@log.tells("annual_tax")
def _annual_tax(confirmed):
    label = Application._meta.get_field("annual_tax_confirmed").verbose_name
    return f"{label}：{AnnualTaxForm.words(confirmed)}"


@log.tells("announcement_ended")
def _announcement_ended(text):
    return gettext("お知らせの掲載終了：%s") % text


class Notes:
    """For the admin of applications."""

    @_noting(Actor.REVIEWER)
    def attachment_view(self, request, application, actor, key):
        """Mark one attachment; the change is kept in Django's log."""
        attachment = get_object_or_404(application.attachments, pk=key)
        form = AttachmentForm(request.POST)
        if form.is_valid():
            state = AttachmentState(form.cleaned_data["state"])
            with transaction.atomic():
                if attachments.mark(attachment, state, actor=actor, now=clock.now()):
                    said = log.message("attachment", kind=attachment.kind, state=state)
                    self.log_change(request, application, said)

    @_noting(Actor.REVIEWER)
    def annual_tax_view(self, request, application, actor):
        """軽自動車税種別割の納付確認, kept in Django's log too."""
        form = AnnualTaxForm(request.POST)
        if form.is_valid():
            confirmed = form.cleaned_data["confirmed"]
            with transaction.atomic():
                now = clock.now()
                if attachments.confirm_annual_tax(application, confirmed, actor=actor, now=now):
                    said = log.message("annual_tax", confirmed=confirmed)
                    self.log_change(request, application, said)

    @_noting(*announcements.WRITERS)
    def announce_view(self, request, application, actor):
        """お知らせ for this application's page."""
        form = AnnouncementForm(request.POST)
        if not form.is_valid():
            return self.render_page(request, application, announcement_form=form)
        announcements.announce(
            application,
            form.cleaned_data["text"],
            actor=actor,
            by=request.user.get_username(),
            now=clock.now(),
        )
        messages.success(request, gettext("お知らせを載せました。"))
        return None

    @_noting(*announcements.WRITERS)
    def end_view(self, request, application, actor, key):
        """Take an announcement off the page again."""
        notices = application.notices.filter(kind=NoticeKind.ANNOUNCEMENT)
        announcement = get_object_or_404(notices, pk=key)
        announcements.end(announcement, actor=actor, now=clock.now())
        said = log.message("announcement_ended", text=announcement.reason)
        self.log_change(request, application, said)
        messages.success(request, gettext("お知らせの掲載を終えました。"))
