"""What the pages of 申請を行う show, gathered so that templates only arrange it."""

from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.apply import description, drafts, fees, journey
from applications.labels import Step
from applications.signatures.sandbox import samples
from koss.ground import clock

NOT_CARRIED_OVER = _(
    "以前の受付番号の手数料は、たったいま引き継げなくなりました。以前の受付番号を確かめてください。"
)
FILES_ALTERED = _(
    "添付したファイルが、保存したときの内容と違います：%(names)s。"
    "添付書類の画面で取り除き、もう一度添付してください。"
)
CARRIED_OVER = _("この番号の申請で納付した手数料は、引き継がれます。")
NOT_CARRIED = _(
    "この番号の手数料は引き継がれません。引き継がれるのは、同じ車両で、手数料を納付したあとに"
    "取り下げが完了した申請の手数料だけで、一度に限ります。番号を確かめてください。"
)
CHASSIS_FIRST = _("手数料を引き継げるかどうかは、車台番号を入力したあとに確かめられます。")
NOT_A_CODE = _("郵便番号は7桁の数字で入力してください。")
UNKNOWN_CODE = _("この郵便番号は見つかりませんでした。住所を直接入力してください。")


def version_of(request):
    """The version of the draft that the sent form was drawn from; -1 where it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def first_prefilled(draft):
    """The first step that has something to look at: prefilled and not answered, else missing."""
    answers = drafts.answers_of(draft)
    steps = journey.steps_of(draft.procedure, answers)
    prefilled = [s for s in steps if s.name in answers.get(drafts.PREFILL, {})]
    open_steps = [s for s in prefilled if s.name not in answers]
    return (open_steps or prefilled or steps)[0].name


def next_page(request, draft):
    """After a step was saved: what is missing next, the list where that was asked for, or 確認."""
    missing = journey.missing(draft.procedure, drafts.answers_of(draft))
    if not missing:
        return redirect("apply:check", request.handle)
    if "list" in request.POST:
        return redirect("apply:tasks", request.handle)
    return redirect(address_of(request, missing[0]))


def address_of(request, step):
    """Where ``step`` is answered."""
    if step.name == "files":
        return reverse("apply:files", args=[request.handle])
    return reverse("apply:step", args=[request.handle, step.name])


def carries_over(draft, answers, earlier):
    """The sentence whether the fees of the number in ``earlier`` carry over to ``draft``."""
    if "chassis" not in answers:
        return CHASSIS_FIRST
    found = fees.earlier_of(draft.procedure, {**answers, "earlier": earlier})
    return CARRIED_OVER if found else NOT_CARRIED


def tasks(request):
    draft, answers = request.draft, request.answers
    steps = journey.steps_of(draft.procedure, answers)
    missing = journey.missing(draft.procedure, answers)
    return {
        "draft": draft,
        "preparation": Step.PREPARATION,
        "parts": [
            (journey.Part(part), [(step, step not in missing) for step in group])
            for part, group in groupby(steps, key=attrgetter("part"))
        ],
        "done": len(steps) - len(missing),
        "total": len(steps),
        "minutes": sum(step.minutes for step in missing),
        "next": missing[0] if missing else None,
        "until": clock.day(draft.expires_at) - timedelta(days=1),
    }


def check(request):
    draft, answers = request.draft, request.answers
    return {
        "draft": draft,
        "email": answers["contact"]["email"],
        "parts": description.rows_of(draft, answers),
        "fees": fees.fees_due(draft.procedure, answers, clock.today()),
    }


def practice():
    """The certificate for practising, where this is the demo; None elsewhere."""
    if not settings.DEMO:
        return None
    good = samples.SAMPLES[0]
    return {"file": good.file, "name": good.holder.name, "pin": samples.PIN}


def receipt(request):
    return {"draft": request.draft, "application": request.draft.application}
