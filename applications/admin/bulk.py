"""The same move for many applications: asked once, carried out one by one, and reported."""

import re

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from applications.admin.forms import ReasonForm
from applications.admin.move_page import ELSEWHERE
from applications.admin.trail import list_url
from applications.life import asking, attachments, charges, moves, proposals
from applications.life.moves import MoveRefused, RequestKey
from applications.life.table import TABLE
from applications.staff import roles
from applications.status import MoveName
from koss.ground import clock, numbers
from koss.ground.joining import listed

AT_MOST = 200
_ROW = re.compile(r"([0-9]{1,18}):(.{1,60})")


def lines_for_many(actors):
    """Move name → lines of the table, for the moves that ask nothing, or only a reason.

    審査を完了する asks a plate, but of new vehicles only.
    """
    found = {}
    for move in TABLE:
        if move.by in actors and asking.fits_many(move) and move.name not in ELSEWHERE:
            found.setdefault(move.name, []).append(move)
    return found


def is_for(application, lines):
    """Whether one of ``lines`` begins where ``application`` stands, and needs no plate."""
    needs_plate = asking.Ask.PLATE in asking.asked_of(lines[0], application)
    return not needs_plate and any(line.source == application.status for line in lines)


class BulkMoves:
    """For the admin of applications: an action of the list for each move."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        for name in lines_for_many(roles.actors_of(request.user)):
            key = f"move_{name}"
            actions[key] = (_asking(name), key, name.label)
        return actions

    def ask_for_many(self, request, name, queryset):
        """The page that names the rows and asks for the reason."""
        rows = list(queryset.order_by("pk")[: AT_MOST + 1])
        if len(rows) > AT_MOST:
            self.message_user(
                request,
                gettext("一度に処理できるのは%d件までです。") % AT_MOST,
                messages.ERROR,
            )
            return None
        lines = lines_for_many(roles.actors_of(request.user))[name]
        waits = _papers_first(name, rows)
        able = [row for row in rows if is_for(row, lines) and row.pk not in waits]
        return self._ask_for(
            request,
            name,
            lines,
            rows=[(row, f"{row.pk}:{RequestKey.fresh(row)}") for row in able],
            others=[row for row in rows if row not in able],
        )

    def bulk_view(self, request, name):
        """Carry it out. Pressing the same form twice changes nothing and reports the same."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        lines = lines_for_many(roles.actors_of(request.user)).get(name)
        if not lines:
            raise PermissionDenied
        request_keys = dict(filter(None, map(_read_row, request.POST.getlist("row")[:AT_MOST])))
        rows = list(self.get_queryset(request).filter(pk__in=request_keys).order_by("pk"))
        form = ReasonForm(request.POST, name=name) if asking.needs_reason(lines[0]) else None
        if form and not form.is_valid():
            named = [(row, f"{row.pk}:{request_keys[row.pk]}") for row in rows]
            return self._ask_for(request, name, lines, rows=named, others=[], form=form)
        reason = form.cleaned_data["whole_reason"] if form else ""
        refused = [row for row in rows if not self._move(request, name, row, request_keys, reason)]
        self._report(request, name, len(rows) - len(refused), refused)
        return redirect(list_url(self.conditions_of(request)))

    def _move(self, request, name, row, request_keys, reason):
        """Move one row in a transaction of its own; returns whether it was moved."""
        lines = lines_for_many(roles.actors_on(request.user, row)).get(name)
        if not lines:
            return False
        if asking.Ask.PLATE in asking.asked_of(lines[0], row):
            return False
        if _papers_first(name, [row]):
            return False
        said = {
            "actor": lines[0].by,
            "now": clock.now(),
            "inputs": moves.Inputs(reason=reason),
            "request_key": request_keys[row.pk],
        }
        try:
            if asking.needs_second(name):
                return bool(proposals.propose(name, row, by=request.user, **said))
            entry = moves.perform(name, row, by=request.user.get_username(), **said)
        except MoveRefused:
            row.refresh_from_db(fields=["status"])
            return False
        except charges.NoRate:
            return False
        return bool(entry)

    def _report(self, request, name, count, refused):
        said = gettext("%d件を処理しました。")
        if asking.needs_second(name):
            said = gettext("%d件は、2人目の確認待ちです。")
        said %= count
        if refused:
            names = listed(
                gettext("%(number)s（現在の状況：%(status)s）")
                % {
                    "number": numbers.grouped(row.receipt_number),
                    "status": row.get_status_display(),
                }
                for row in refused
            )
            said += gettext("%(count)d件は処理できませんでした：%(names)s") % {
                "count": len(refused),
                "names": names,
            }
        self.message_user(request, said, messages.WARNING if refused else messages.SUCCESS)

    def _ask_for(self, request, name, lines, *, rows, others, form=None):
        if form is None and asking.needs_reason(lines[0]):
            form = ReasonForm(name=name)
        return TemplateResponse(
            request,
            "admin/applications/bulk.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": MoveName(name).label,
                "move": MoveName(name),
                "is_proposal": asking.needs_second(name),
                "rows": rows,
                "others": others,
                "form": form,
                **self.trail_of(request),
            },
        )


def _papers_first(name, rows):
    """The keys of ``rows`` whose papers somebody has to look at one by one before this move."""
    return attachments.incomplete(rows) if name == MoveName.PASS_REVIEW else set()


def _asking(name):
    @admin.action(description=name.label)
    def ask(model_admin, request, queryset):
        return model_admin.ask_for_many(request, name, queryset)

    return ask


def _read_row(text):
    """(key, RequestKey) of ``<key>:<request key>``, or None."""
    match = _ROW.fullmatch(text)
    return (int(match[1]), RequestKey.read(match[2])) if match else None
