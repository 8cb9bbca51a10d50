"""Receivers: the list with its search, and the page with what happened to each."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import HistoryEntry, Office
from applications.staff import roles
from koss.admin_kit import search
from koss.admin_kit.lists import ReadOnlyAdmin
from koss.ground import clock
from koss.ground.form_fields import ReasonField
from koss.ground.forms import PlainMessages
from qrcodes.counter import receivers
from qrcodes.models import Receiver, ReceiverEventKind

_SHOWN = 50  # of events, and of pickups; the rest stands in their lists
_MAY_FREEZE = {roles.Role.COUNTER, roles.Role.OPERATOR}


class FreezeForm(PlainMessages, forms.Form):
    """Why a receiver may hand in no more codes, or may again."""

    reason = ReasonField(
        label=HistoryEntry._meta.get_field("reason").verbose_name,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )


class FrozenFilter(admin.SimpleListFilter):
    title = ReceiverEventKind.FROZEN.label
    parameter_name = "frozen"

    def lookups(self, request, model_admin):
        return [("yes", _("停止中")), ("no", _("停止していない"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(frozen_at__isnull=self.value() == "no")
        return queryset


@admin.register(Receiver)
class ReceiverAdmin(ReadOnlyAdmin):
    """A receiver comes into being at the counter only; here it is looked up and frozen."""

    list_display = ["name", "office", "registered_at", "frozen_at"]
    list_select_related = ["office"]
    list_filter = [FrozenFilter]
    searches = (search.Names(Receiver._meta.get_field("name").verbose_name, "names"),)
    sortable_by = ()
    hidden = ["password"]

    def get_urls(self):
        freeze = self.admin_site.admin_view(self.freeze_view)
        return [
            path("<key:pk>/freeze/", freeze, name="qrcodes_receiver_freeze"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one receiver. It takes no form; ``freeze_view`` does."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            raise Http404
        return self._page(request, self._receiver_or_404(request, int(object_id)))

    def freeze_view(self, request, pk):
        """Freeze a receiver, or let it go on: always the other of what it is now."""
        receiver = self._receiver_or_404(request, pk)
        if not _may_freeze(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = FreezeForm(request.POST)
        if not form.is_valid():
            return self._page(request, receiver, form=form)
        self._set(request, receiver, form.cleaned_data["reason"])
        return redirect("admin:qrcodes_receiver_change", pk)

    def _set(self, request, receiver, reason):
        """Do what the pressed button said, whatever somebody else has done meanwhile."""
        freezes = request.POST.get("do") == ReceiverEventKind.FROZEN
        act = receivers.freeze if freezes else receivers.unfreeze
        office = Office.objects.filter(pk=roles.duties_of(request.user).office_id).first()
        event = act(
            receiver,
            by=request.user.get_username(),
            office=office,
            now=clock.now(),
            reason=reason,
        )
        if event:
            said = gettext("記録しました：%s") % event.get_kind_display()
            messages.success(request, said)
        else:
            messages.warning(
                request, gettext("すでにその状態になっています。何も記録していません。")
            )

    def _receiver_or_404(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        receiver = Receiver.objects.select_related("office").filter(pk=pk).first()
        if receiver is None:
            raise Http404
        return receiver

    def _page(self, request, receiver, *, form=None):
        reach = roles.in_reach_of(request.user, "application__")
        may_freeze = _may_freeze(request.user)
        pickups = receivers.pickups_of(receiver).filter(reach)
        return TemplateResponse(
            request,
            "admin/qrcodes/receiver.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": receiver.name,
                "receiver": receiver,
                "events": receivers.events_of(receiver).select_related("office")[:_SHOWN],
                "pickups": pickups.select_related("application", "office")[:_SHOWN],
                "shown": _SHOWN,
                "form": (form or FreezeForm()) if may_freeze else None,
                "kind": ReceiverEventKind.UNFROZEN
                if receiver.is_frozen
                else ReceiverEventKind.FROZEN,
            },
        )


def _may_freeze(user):
    return bool(_MAY_FREEZE & roles.duties_of(user).roles)
