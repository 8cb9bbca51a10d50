"""The small page on which a member of staff moves one application."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext

from applications.admin.forms import MoveForm
from applications.admin.shown import reviewed_by
from applications.admin.trail import list_url, page_url
from applications.life import asking, charges, letters, moves, proposals
from applications.life.moves import MoveRefused, RequestKey
from applications.life.table import TABLE, Move
from applications.models import PaymentMethod
from applications.staff import reviews, roles
from applications.status import MoveName, Status
from koss.access import leftovers
from koss.ground import clock, numbers

# Made on screens of their own, never by a plain button: the counter hands over against a code.
ELSEWHERE = {MoveName.HAND_OVER}


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a move would do. ``due_on``: until when the applicant would have to pay, or None."""

    targets: list
    addresses: list
    due_on: date | None


def lines_of(name, actor):
    """The lines of the table in which ``actor`` makes the move ``name``."""
    return [move for move in TABLE if move.name == name and move.by == actor]


def actor_for(user, application, name):
    """As which actor ``user`` would make the move ``name``, or PermissionDenied.

    Of several, the one whose move begins or ends where the application stands now, so that the
    second press of a form is judged like the first.
    """
    able = {actor: lines_of(name, actor) for actor in roles.actors_on(user, application)}
    able = {actor: lines for actor, lines in able.items() if lines}
    if not able:
        raise PermissionDenied
    for actor, lines in able.items():
        if any(application.status in (line.source, line.target) for line in lines):
            return actor
    return next(iter(able))


def open_line(application, name, actor, *, now) -> Move | None:
    """The line of the table that is open now, or None."""
    lines = moves.open_moves(application, actor=actor, now=now)
    return next((line for line in lines if line.name == name), None)


def consequences_of(line, application, *, now):
    targets = [line.target]
    if asking.Ask.PRICE in asking.asked_of(line, application):
        individually = application.payment_method == PaymentMethod.INDIVIDUAL
        to_pay = Status.VEHICLE_TAX_DUE if individually else Status.VEHICLE_TAX_IN_BATCH
        targets = list(dict.fromkeys([to_pay, line.target]))
    due_on = None
    if Status.PAYABLE.intersection(targets):
        today = clock.day(now)
        if line.target in (Status.FEES_DUE, Status.FEES_IN_BATCH):
            due_on = charges.fees_due_on(application.applied_on, today)
        else:
            due_on = charges.one_month_after(today)
    return Consequences(
        targets=[Status(target).label for target in targets],
        addresses=letters.addresses([application])[application.pk] if line.mail else [],
        due_on=due_on,
    )


def _title_of(*, pk, name):
    return MoveName(name).label


def _forms_of(*, pk, name):
    return (MoveForm,) if name in MoveName.values else ()


class MovePage:
    """For the admin of applications, which knows whose reach the application is in."""

    @leftovers.keeps(_title_of, _forms_of)
    def move_view(self, request, pk, name):
        """Ask, then move. Pressing the same form twice shows the same result."""
        application = self.in_reach_or_404(request, pk)
        if name not in MoveName.values or name in ELSEWHERE:
            raise PermissionDenied
        actor = actor_for(request.user, application, name)
        now = clock.now()
        move = lines_of(name, actor)[0]
        data = request.POST if request.method == "POST" else None
        form = MoveForm(
            data,
            name=name,
            move=move,
            application=application,
            now=now,
            is_proposal=asking.needs_second(name),
        )
        leftovers.fill(request, form)
        if form.is_valid() and "calculate" not in form.data:
            if asking.needs_second(name):
                return self._propose(request, application, name, actor, form, now)
            return self._press(request, application, name, actor, form, now)
        return self._ask(request, application, name, actor, form, now)

    def _ask(self, request, application, name, actor, form, now):
        line = open_line(application, name, actor, now=now)
        if line is None or _waits(name, application):
            return self.refused(request, application, name)
        page = {
            "form": form,
            "move": MoveName(name),
            "now_status": application.get_status_display(),
            "consequences": consequences_of(line, application, now=now),
            "reviewed": reviewed_by(reviews.opened(application, request.user, now=now)),
            "is_proposal": asking.needs_second(name),
            "tax": form.tax() if form.asks_price and form.is_valid() else None,
        }
        return self._page(request, "move.html", application, MoveName(name).label, page)

    def _press(self, request, application, name, actor, form, now):
        try:
            entry = moves.perform(
                name,
                application,
                actor=actor,
                now=now,
                by=request.user.get_username(),
                inputs=form.inputs(),
                request_key=RequestKey.read(form.cleaned_data["request_key"]),
            )
        except MoveRefused as refusal:
            return self.refused(request, refusal.application, name)
        except charges.NoRate:
            form.add_error(None, gettext("税・手数料額表に、この申請に当たる行がありません。"))
            return self._ask(request, application, name, actor, form, now)
        reviews.end(application, request.user)
        conditions = self.conditions_of(request)
        page = page_url(application.pk, conditions)
        messages.success(request, done_words(application, entry, page))
        # Pressed again, the application no longer stands where its list had it.
        if "next" in form.data and entry.at == now:
            return self.to_next(request, application)
        return redirect(list_url(conditions) if conditions else page)

    def _propose(self, request, application, name, actor, form, now):
        """Keep the move for somebody else to confirm."""
        try:
            proposal = proposals.propose(
                name,
                application,
                actor=actor,
                now=now,
                by=request.user,
                inputs=form.inputs(),
                note=form.cleaned_data["note"],
                request_key=RequestKey.read(form.cleaned_data["request_key"]),
            )
        except MoveRefused as refusal:
            return self.refused(request, refusal.application, name)
        reviews.end(application, request.user)
        conditions = self.conditions_of(request)
        page = page_url(application.pk, conditions)
        said = gettext("受付番号 {number} の「{move}」は、2人目の確認待ちです。")
        messages.success(request, _about(said, application, page, move=MoveName(name).label))
        if "next" in form.data and proposal.at == now:
            return self.to_next(request, application)
        return redirect(list_url(conditions) if conditions else page)

    def refused(self, request, application, name):
        """409: what the status is now, and who moved it when."""
        title = gettext("処理できませんでした")
        last = application.history.order_by("-version").first()
        page = {
            "move": MoveName(name),
            "now_status": application.get_status_display(),
            "last": last,
            "last_move": MoveName(last.move).label,
            "waits": _waits(name, application),
        }
        return self._page(request, "refused.html", application, title, page, status=409)

    def _page(self, request, template, application, title, page, status=200):
        return TemplateResponse(
            request,
            f"admin/applications/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": title,
                "application": application,
                **self.trail_of(request),
                **page,
            },
            status=status,
        )


def _waits(name, application):
    """The proposal that has to be decided before ``name`` can be proposed, or None."""
    if not asking.needs_second(name):
        return None
    return proposals.waiting_in(application.proposals.select_related("by"), application)


def done_words(application, entry, page):
    """What was done, with the way back to the application."""
    said = gettext("受付番号 {number} を「{status}」にしました。")
    return _about(said, application, page, status=entry.get_to_status_display())


def _about(said, application, page, **facts):
    number = numbers.grouped(application.receipt_number)
    return format_html(said, number=format_html('<a href="{}">{}</a>', page, number), **facts)
