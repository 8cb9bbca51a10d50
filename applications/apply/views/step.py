"""One step of 申請を行う: a page with one thing to answer, saved when it is sent."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from applications.apply import contents, drafts, journey, sessions
from applications.apply.forms.by_step import FORMS
from applications.postal import table as postal
from koss.access import leftovers
from koss.ground import clock, numbers


def _forms_of(*, name):
    return (FORMS[name],) if name in FORMS else ()


def _title_of(*, name):
    return journey.BY_NAME[name].title


@require_http_methods(["GET", "POST"])
@sessions.unsent
@leftovers.keeps(_title_of, _forms_of)
def step(request, name):
    """The page of the step ``name``. Saved, it leads to what is missing next, or back to 確認."""
    here = journey.BY_NAME.get(name)
    if here not in journey.steps_of(request.draft.procedure, request.answers):
        raise Http404
    look = _LOOKS.get(name)
    if request.method == "POST" and look and ("look_up" in request.POST or "use" in request.POST):
        return look(request, here)
    form = _form(request, here, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.answer(
                request.draft,
                name,
                form.values(),
                version=contents.version_of(request),
                now=clock.now(),
            )
        except drafts.Gone:
            return render(request, "applications/apply/changed.html", status=409)
        return contents.next_page(request, draft)
    return _page(request, here, leftovers.fill(request, form))


def _look_up_address(request, here):
    """住所を検索: the address behind the postal code, put into its field. Saves nothing."""
    typed = request.POST.dict()
    chosen, candidates, note = typed.get("use", ""), [], ""
    try:
        found = postal.addresses_of(postal.read_code(typed.get("postal_code", "")))
    except numbers.NotANumber:
        found, note = [], contents.NOT_A_CODE
    else:
        note = "" if found else contents.UNKNOWN_CODE
    if chosen not in map(str, found):
        chosen = str(found[0]) if len(found) == 1 else ""
        if typed.get("address", "").startswith(chosen):  # and goes on with the number of the house
            chosen = ""
        candidates = [str(each) for each in found] if len(found) > 1 else []
    form = _form(request, here, None)
    form.initial = {**form.initial, "postal_code": typed.get("postal_code", "")}
    form.initial["address"] = chosen or typed.get("address", "")
    return _page(request, here, form, candidates=candidates, note=note)


def _show_offices(request, here):
    """The offices of the prefecture that was chosen. Saves nothing."""
    return _page(request, here, _form(request, here, None))


def _look_at_earlier(request, here):
    """Whether the fees of 以前の受付番号 carry over, said beside it. Saves nothing."""
    form, note = _form(request, here, request.POST), ""
    if form.is_valid() and form.cleaned_data["earlier"]:
        note = contents.carries_over(request.draft, request.answers, form.values())
    return _page(request, here, form, note=note)


def _show_name(request, here):
    """The receiver's name with every space made visible. Saves nothing."""
    form = _form(request, here, request.POST)
    name = form.cleaned_data["receiver_name"] if form.is_valid() else ""
    return _page(request, here, form, name=name.replace("　", "□"))


# What can be asked on a step before it is saved.
_LOOKS = {
    "address": _look_up_address,
    "office": _show_offices,
    "earlier": _look_at_earlier,
    "receiver": _show_name,
}


def _form(request, here, data):
    asked = request.POST or leftovers.text_of(request)
    more = {"prefecture": asked.get("prefecture", "")} if here.name == "office" else {}
    return FORMS[here.name](
        data,
        request.FILES if data else None,
        procedure=request.draft.procedure,
        answers=request.answers,
        initial=request.answers.get(here.name) or _prefilled(request, here),
        **more,
    )


def _prefilled(request, here):
    return request.answers.get(drafts.PREFILL, {}).get(here.name, {})


def _page(request, here, form, **more):
    context = {
        "step": here,
        "form": form,
        "draft": request.draft,
        "can_look": here.name in _LOOKS,
        "prefilled": here.name not in request.answers and bool(_prefilled(request, here)),
        **more,
    }
    return render(request, "applications/apply/step.html", context)
