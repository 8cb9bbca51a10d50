"""納付手続: from the press of 納付 to the bank and back.

What its two entrances share: ``individual_payment`` (個別納付) and ``batch_payment`` (まとめ納付).
What stands in a form or an address chooses a page, never an amount and never an outcome: those are
always read from our own row.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from koss.ground import clock
from payments import banks
from payments.models import PaymentInformation
from payments.models.settlement import Way
from payments.numbers import amounts, numbering, refunds, situations
from payments.paying import visits
from payments.paying.forms import BankForm

# Of how many applications of a batch the page names the receipt number.
_NAMED = 5


@dataclass(frozen=True)
class Visit:
    """One payer at one payment number: where its pages lie, and what frames them."""

    information: PaymentInformation
    handle: str
    individual: bool

    @property
    def frame(self):
        return "applications/base.html" if self.individual else "payments/base.html"

    @property
    def page(self):
        return self._address("pay")

    @property
    def press(self):
        """Where 納付 is pressed."""
        return reverse("payments:individual", args=[self.handle]) if self.individual else self.page

    @property
    def way(self):
        return self._address("pay_way")

    def bank(self, code):
        return self._address("pay_bank", code)

    @property
    def come_back(self):
        return self._address("paid_return")

    @property
    def back(self):
        """The page with the row that has the button."""
        name = "applications:status" if self.individual else "payments:batches_list"
        return reverse(name, args=[self.handle])

    def _address(self, name, *more):
        name = f"payments:individual_{name}" if self.individual else f"payments:{name}"
        return reverse(name, args=[self.handle, self.information.reference, *more])


def find(own, reference, request, *, individual):
    """The visit to the number called ``reference`` among the payer's ``own``; else 404."""
    information = own.filter(reference=reference).first()
    if information is None:
        raise Http404
    return Visit(information, request.handle, individual)


def press(request, visit):
    """Count the press and see to the numbers, then lead to the page."""
    information, now = visit.information, clock.now()
    if why := visits.why_not(information, now=now):
        return _not_open(request, visit, information, why)
    try:
        information = numbering.fetch(information, now=now)
    except banks.BankUnreachable:
        context = {"visit": visit, "kind": information.kind}
        return render(request, "payments/pay/unreachable.html", context)
    except PaymentInformation.DoesNotExist as gone:  # the demo began its seat anew meanwhile
        raise Http404 from gone
    try:
        visits.press(information, now=now)
    except visits.NumberNotPayable as refusal:
        return _not_open(request, visit, refusal.information, refusal.why)
    return redirect(visit.page)


def pay(request, visit):
    """What is paid, and the ways to pay it."""
    if request.method == "POST":
        return press(request, visit)
    return _page(request, visit, BankForm())


def _page(request, visit, form):
    information, now = visit.information, clock.now()
    if why := visits.why_not(information, now=now):
        return _not_open(request, visit, information, why)
    if not information.presses or not information.payment_number:
        return redirect(visit.back)
    context = _context(visit) | {
        "form": form,
        "must_agree": visits.must_agree(information),
        "pressed_before": information.presses > 1,
        "receipt_numbers": [] if visit.individual else _receipt_numbers(information),
    }
    return render(request, "payments/pay/pay.html", context)


def way(request, visit):
    """次へ: the payer has read the page and goes on, to a bank or to the numbers to type."""
    if not visit.information.presses:
        return redirect(visit.page)
    online = request.POST.get("way") == Way.ATM
    form = BankForm(request.POST)
    if not online and not form.is_valid():
        return _page(request, visit, form)
    try:
        visits.agree(visit.information, now=clock.now())
    except visits.NumberNotPayable as refusal:
        return _not_open(request, visit, refusal.information, refusal.why)
    return redirect(f"{visit.page}#numbers" if online else visit.bank(form.cleaned_data["bank"]))


def bank(request, visit, bank):
    """The step over to the bank's site, with everything signed in one form."""
    information = visit.information
    name = banks.current().BANKS.get(bank)
    if name is None:
        raise Http404
    if not information.presses or not information.payment_number or visits.must_agree(information):
        return redirect(visit.page)
    try:
        link = visits.link(
            information,
            bank=bank,
            return_url=settings.KOSS_ORIGIN.rstrip("/") + visit.come_back,
            now=clock.now(),
            sent_at=clock.system_now(),
        )
    except visits.NumberNotPayable as refusal:
        return _not_open(request, visit, refusal.information, refusal.why)
    context = _context(visit) | {"link": link, "bank": name}
    return render(request, "payments/pay/bank.html", context)


def returned(request, visit):
    """Back from the bank: shows what our own row says, whatever the address claims."""
    return render(request, "payments/pay/returned.html", _context(visit))


def back_from_the_bank(guarded, login):
    """``returned`` behind its guard; a user who is no longer signed in is told where to look."""

    @never_cache
    @require_safe
    def view(request, handle, reference):
        try:
            response = guarded(request, handle=handle, reference=reference)
        except Http404:
            response = None
        if response is None or response.status_code != HTTPStatus.OK:
            return render(request, "payments/pay/returned_stranger.html", {"login": login})
        return response

    return view


def _context(visit):
    information = visit.information
    payee, payee_kana = amounts.payee(information.kind)
    return {
        "visit": visit,
        "information": information,
        "payee": payee,
        "payee_kana": payee_kana,
        "refunds": refunds.of(information),
        "way": Way,
    }


def _receipt_numbers(information):
    """Those of the first few applications that are paid under this number."""
    live = information.lines.filter(released_at=None)
    numbers = live.order_by("charge__application_id").values_list(
        "charge__application__receipt_number", flat=True
    )
    return list(numbers.distinct()[:_NAMED])


def _not_open(request, visit, information, why):
    """409: what happened meanwhile, and that nothing was done."""
    now = clock.now()
    withdrawn = why == visits.WhyNot.WITHDRAWN
    context = {
        "visit": visit,
        "information": information,
        "why": why,
        "WhyNot": visits.WhyNot,
        "morning": situations.morning_of(information, now=now)
        if withdrawn
        else clock.morning_after(information.due_on, now),
    }
    return render(request, "payments/pay/not_open.html", context, status=409)
