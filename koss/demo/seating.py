"""研修用の席: made from their page, what each has done, their cards, and each put back."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks import TaskResultStatus, task

from applications.demo import course, seats
from applications.demo.journeys import PASSWORD
from koss.demo import progress, world
from koss.ground import clock
from koss.ground.forms import PlainMessages
from koss.models import DemoSeat
from payments.demo import payers
from payments.labels import Field
from payments.models import PaymentUser

# The page makes no more at once than a course has; the command goes on to ``seats.MOST``.
MOST = 40
_REFUSED = 409
_LONGEST_NUMBER = 10
# After so long a run that has not ended is that of a worker that died.
_IN_FLIGHT = timedelta(minutes=10)
_NO_NUMBER = _("席の数は数字で入力してください。")
_OUT_OF_RANGE = _("席の数は1から%(most)sまでの数で入力してください。")


class SeatsForm(PlainMessages, forms.Form):
    """How many seats there are to be. ``there``: as many as there are now."""

    # As people write a number, in either width; what Python reads as one is more than that.
    count = forms.RegexField(
        "^-?[0-9０-９]+$",
        label=_("席の数"),
        error_messages={"required": _("席の数を入力してください。"), "invalid": _NO_NUMBER},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, there, **kwargs):
        super().__init__(*args, **kwargs)
        self._there = there

    def clean_count(self):
        typed = self.cleaned_data["count"]
        count = int(typed) if len(typed) < _LONGEST_NUMBER else MOST + 1
        if not 1 <= count <= MOST:
            raise forms.ValidationError(_OUT_OF_RANGE, params={"most": MOST})
        if count <= self._there:
            raise forms.ValidationError(
                _("席はいま%(there)s席あります。増やしたあとの数を入力してください。"),
                params={"there": self._there},
            )
        return count


@task()
def make_seats(count):
    """Make the seats 1 to ``count``: too slow for a request. Twice makes nothing twice."""
    if settings.DEMO and world.is_marked():
        seats.make(count, now=clock.now())


@require_http_methods(["GET", "POST"])
def listing(request):
    """All seats and what was done at each; more of them are asked for here."""
    rows = progress.of_all()
    form = SeatsForm(request.POST if request.method == "POST" else None, there=len(rows))
    if request.method == "POST" and form.is_valid():
        make_seats.enqueue(form.cleaned_data["count"])
        return redirect("demo_seats")
    context = {
        "rows": rows,
        "per_task": progress.per_task(rows),
        "form": form,
        "may_grow": len(rows) < MOST,
        "at_most": MOST,
        "is_under_way": _is_under_way(),
        "put_back": next((row.seat for row in rows if _says(request, row.seat)), None),
    }
    return render(request, "demo/seats.html", context)


@require_safe
def cards(request):
    """One card for each seat, to print."""
    context = {
        "rows": [_Card(row) for row in progress.of_all()],
        "origin": settings.KOSS_ORIGIN,
        "password": PASSWORD,
        "payer_password": payers.PASSWORD,
        "payer_heading": PaymentUser._meta.verbose_name,
        "payer_labels": (Field.USER_ID, Field.USER_PASSWORD),
    }
    return render(request, "demo/cards.html", context)


@require_http_methods(["GET", "POST"])
def put_back(request, number):
    """Look once more, and then the seat is as it was in the beginning."""
    seat = get_object_or_404(DemoSeat, number=number)
    if request.method == "GET":
        return render(request, "demo/put_back.html", {"seat": seat})
    rounds = _number(request.POST.get("rounds", ""))
    try:
        seats.put_back(number, rounds=rounds, now=clock.now())
    except seats.SeatMovedOn:
        seat = DemoSeat.objects.filter(number=number).first()
        return render(request, "demo/seat_moved_on.html", {"seat": seat}, status=_REFUSED)
    return redirect(f"{reverse('demo_seats')}?back={number}")


class _Card:
    """What stands on the card of one seat."""

    def __init__(self, row):
        self.seat = row.seat
        self.tasks = [each.task for each in row.tasks]
        self.numbers = [
            (course.PLACES[account.place].shows, account.receipt_number) for account in row.accounts
        ]
        self.vehicle = course.own_vehicle(row.seat.number)


def _says(request, seat):
    """Whether the address tells that ``seat`` was put back just now."""
    return seat.rounds and request.GET.get("back") == str(seat.number)


def _number(typed):
    is_number = typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_NUMBER
    return int(typed) if is_number else None


def _is_under_way():
    # Only here: the queue's table can be imported when all apps are loaded, not before.
    from django_tasks_db.models import DBTaskResult

    running = Q(status=TaskResultStatus.RUNNING, started_at__gt=clock.system_now() - _IN_FLIGHT)
    waiting = running | Q(status=TaskResultStatus.READY)
    return DBTaskResult.objects.filter(waiting, task_path=make_seats.module_path).exists()
