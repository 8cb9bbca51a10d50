"""The training page: how notices travel, what was settled and sent, and the customers."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from payments.sandbox import clock, outbox, sender
from payments.sandbox.forms import AccountForm, TrainingForm
from payments.sandbox.models import Account, Message, Settlement, Training

_NEWEST = 50


def control(request):
    """Show everything; a POST changes how notices travel from now on."""
    training = Training.current()
    facts = {"mode": training.mode, "minutes": training.minutes}
    form = TrainingForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        training.mode = form.cleaned_data["mode"]
        training.minutes = form.cleaned_data["minutes"]
        training.save()
        if training.mode != Training.Mode.REVERSED:
            outbox.release_held(clock.now())
            sender.wake()
        return redirect("control")
    context = {
        "form": form,
        "training": training,
        "messages": Message.objects.select_related("settlement").order_by("-pk")[:_NEWEST],
        "settlements": Settlement.objects.select_related("account").order_by("-pk")[:_NEWEST],
        "accounts": Account.objects.all(),
        "newest": _NEWEST,
    }
    return render(request, "bank/control.html", context)


@require_POST
def send(request, pk):
    """今すぐ送る"""
    get_object_or_404(Message, pk=pk)
    outbox.send_now(pk, clock.now())
    sender.wake()
    return redirect("control")


def account(request, pk):
    """Change a customer's balance and limit."""
    found = get_object_or_404(Account, pk=pk)
    facts = {name: getattr(found, name) for name in AccountForm.base_fields}
    form = AccountForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        # Only what was typed: a settlement may be changing the row at this moment.
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        Account.objects.filter(pk=pk).update(**changed)
        return redirect("control")
    return render(request, "bank/account.html", {"account": found, "form": form})
