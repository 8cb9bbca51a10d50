"""The page on which a second member of staff looks at what the first one proposed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext

from applications.admin.forms import SecondForm
from applications.admin.move_page import consequences_of, done_words, open_line
from applications.admin.trail import list_url, page_url
from applications.life import attachments, charges, correctable, proposals
from applications.life.moves import MoveRefused
from applications.models import Application, AttachmentKind, HistoryEntry, Notice, Proposal
from applications.staff import reviews, roles
from applications.status import MoveName
from koss.ground import clock, numbers
from koss.ground.joining import listed
from koss.templatetags.koss import day, moment, yen


class SecondPage:
    """For the admin of applications, which knows whose reach the application is in."""

    def second_view(self, request, pk):
        """Show the proposal that waits, then confirm it or send it back."""
        application = self.in_reach_or_404(request, pk)
        proposal = self._looked_at(request, application)
        if proposal.actor not in roles.actors_on(request.user, application):
            raise PermissionDenied
        now = clock.now()
        data = request.POST if request.method == "POST" else None
        form = SecondForm(data, proposal=proposal, sends_back="back" in (data or ()))
        try:
            if form.is_valid():
                return self._decide(request, application, proposal, form, now)
            return self._show(request, application, proposal, form, now)
        except MoveRefused as refusal:
            return self.refused(request, refusal.application, proposal.move)
        except charges.NoRate:
            form.add_error(None, gettext("税・手数料額表に、この申請に当たる行がありません。"))
            return self._show(request, application, proposal, form, now)

    def _looked_at(self, request, application):
        """The proposal that the form is about; else the newest, which may be decided by now."""
        every = application.proposals.select_related("by").order_by("-pk")
        key = request.POST.get("proposal", "")
        if request.method == "POST":
            every = every.filter(pk=key if key.isascii() and key.isdecimal() else 0)
        if (proposal := every.first()) is None:
            raise Http404
        return proposal

    def _show(self, request, application, proposal, form, now):
        line = open_line(application, proposal.move, proposal.actor, now=now)
        if proposals.waiting_in([proposal], application) is None or line is None:
            raise MoveRefused(proposal.move, application)
        missing = attachments.missing(application) if line.name == MoveName.PASS_REVIEW else []
        page = {
            "form": form,
            "proposal": proposal,
            "move": MoveName(proposal.move),
            "rows": said_in_words(proposal),
            "now_status": application.get_status_display(),
            "consequences": consequences_of(line, application, now=now),
            "missing": missing and gettext("そろっていないもの：%s") % listed(missing),
            "is_own": proposal.by_id == request.user.pk,
        }
        return self._page(request, "second.html", application, Proposal._meta.verbose_name, page)

    def _decide(self, request, application, proposal, form, now):
        conditions = self.conditions_of(request)
        page = page_url(application.pk, conditions)
        if form.sends_back:
            answer = form.cleaned_data["answer"]
            proposals.send_back(proposal, now=now, by=request.user, answer=answer)
            said = gettext("受付番号 %s の処理を差し戻しました。")
            said %= numbers.grouped(application.receipt_number)
        else:
            try:
                entry = proposals.confirm(proposal, now=now, by=request.user)
            except proposals.OwnProposal:
                raise PermissionDenied from None
            said = done_words(application, entry, page)
        reviews.end(application, request.user)
        messages.success(request, said)
        if "next" in form.data:
            return self.to_next(request, application)
        return redirect(list_url(conditions) if conditions else page)


def said_in_words(proposal):
    """(label, text) of who proposed what."""
    said = proposals.said(proposal)
    names = {
        "deadline": Notice._meta.get_field("deadline"),
        "fields": Notice._meta.get_field("fields"),
        "attachments": Notice._meta.get_field("attachments"),
        "reason": HistoryEntry._meta.get_field("reason"),
    }
    shown = {
        "reason": said.reason,
        "deadline": day(said.deadline),
        "fields": listed(correctable.label(name) for name in said.fields),
        "attachments": listed(AttachmentKind(kind).label for kind in said.attachments),
    }
    rows = [
        (Proposal._meta.get_field("move").verbose_name, MoveName(proposal.move).label),
        (Proposal._meta.get_field("by").verbose_name, reviews.name_of(proposal.by)),
        (Proposal._meta.get_field("at").verbose_name, moment(proposal.at)),
        *((names[key].verbose_name, text) for key, text in shown.items() if text),
    ]
    for name, value in said.changes.items():
        words = yen(value) if name == "acquisition_price" else str(value)
        rows.append((Application._meta.get_field(name).verbose_name, words))
    if proposal.note:
        rows.append((Proposal._meta.get_field("note").verbose_name, proposal.note))
    return rows
