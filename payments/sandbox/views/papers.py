"""The control page of the practice systems for papers."""

import secrets

from django.shortcuts import redirect, render

from payments.sandbox import clock
from payments.sandbox.paper_forms import PaperForm, PaperTrainingForm
from payments.sandbox.paper_models import Paper, PaperTraining

_NEWEST = 100


def papers(request):
    """Show everything; one form changes how the systems answer, the other one paper."""
    training = PaperTraining.current()
    facts = {name: getattr(training, name) for name in PaperTrainingForm.base_fields}
    sent = request.method == "POST"
    adds = sent and "add" in request.POST
    form = PaperTrainingForm(request.POST if sent and not adds else None, initial=facts)
    paper_form = PaperForm(request.POST if adds else None)
    if adds and paper_form.is_valid():
        typed = paper_form.cleaned_data
        Paper.objects.update_or_create(
            kind=typed["kind"],
            chassis_number=typed["chassis_number"],
            defaults={"ready_at": paper_form.ready_at(clock.now())},
            create_defaults={
                "ready_at": paper_form.ready_at(clock.now()),
                "number": f"{secrets.randbelow(10**9):09d}",
            },
        )
        return redirect("papers")
    if sent and not adds and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(training, name, value)
        training.save()
        return redirect("papers")
    context = {
        "form": form,
        "paper_form": paper_form,
        "training": training,
        "papers": Paper.objects.all()[:_NEWEST],
        "newest": _NEWEST,
        "now": clock.now(),
    }
    return render(request, "bank/papers.html", context)
