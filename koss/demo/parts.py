"""画面部品: every part that screens are built from, drawn by their own templates.

For those who carry on the work. The staff's parts have a page of their own, in their own frame.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.labels import Mark, Step
from applications.status import Status
from koss.admin_kit import charts
from koss.ground import clock
from koss.ground.form_fields import LineField, ReasonField
from koss.ground.forms import DayField, PlainMessages

_KINDS = ("info", "warning", "error", "success")
_PAGES, _PAGE = 9, 4


class PartsForm(PlainMessages, forms.Form):
    """One field of each kind. The page is opened to be read: no field takes the focus."""

    line = LineField(label=_("一行の文字"), help_text=_("何を入力するかを一文で示します。"))
    text = ReasonField(label=_("長い文字"), required=False)
    number = LineField(
        label=_("数字"), required=False, widget=forms.TextInput({"inputmode": "numeric"})
    )
    day = DayField(label=_("日付"), required=False)
    one = forms.ChoiceField(
        label=_("一つを選ぶ"), choices=[("a", _("はい")), ("b", _("いいえ"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    listed = forms.ChoiceField(
        label=_("一覧から選ぶ"), required=False, choices=[("", _("すべて")), ("a", _("はい"))]
    )
    file = forms.FileField(label=_("ファイル"), required=False)
    password = forms.CharField(
        label=_("パスワード"), required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleStep:
    """A step of the progress, as ``parts/_steps.html`` needs it."""

    number: int
    name: str
    mark: Mark
    is_current: bool


def _steps():
    names = (Step.PREPARATION, Step.INSPECTION_OFFICE, Step.TAX_OFFICE, Step.RETURN)
    marks = (Mark.DONE, Mark.ATTENTION, Mark.TO_COME, Mark.TO_COME)
    pairs = zip(names, marks, strict=True)
    return [
        SampleStep(number, name, mark, is_current=mark == Mark.ATTENTION)
        for number, (name, mark) in enumerate(pairs, start=1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request):
    """Parts of the portal. ``?shown=errors`` and ``?shown=done`` draw what takes the focus.

    The sample form is read and kept nowhere; what the sample dialog sends leads back.
    """
    shown = request.GET.get("shown")
    if request.method == "POST" and "line" not in request.POST:
        return redirect("demo_parts")
    typed = request.POST or ({} if shown == "errors" else None)
    form = PartsForm(typed, request.FILES or None)
    return render(
        request,
        "demo/parts.html",
        {
            "form": form,
            "done": shown == "done" or (form.is_bound and form.is_valid()),
            "kinds": _KINDS,
            "statuses": Status,
            "steps": _steps(),
            "page": Paginator(range(_PAGES), 1).get_page(_PAGE),
            "now": clock.now(),
            "pieces": [{"text": gettext("見つけた"), "is_found": True}, {"text": gettext("言葉")}],
        },
    )


@require_safe
def of_staff(request):
    """Parts of the staff's site. Nothing on it can be changed, so nobody signs in to see it."""
    here = request.path
    points = [
        charts.Point(gettext("過ぎた期限"), 3, here, short=gettext("切れ"), tone="over"),
        charts.Point(gettext("3日以内"), 5, here, short=gettext("3日"), tone="near"),
        charts.Point(gettext("そのあと"), 8, here, short=gettext("あと")),
    ]
    headings = [
        gettext("申請状況"), gettext("本日"), gettext("1～3日前"), gettext("4～7日前"),
        gettext("8日以上前"),
    ]  # fmt: skip
    ages = [charts.Point(day, len(day), here) for day in headings[1:]]
    return render(
        request,
        "demo/parts_of_staff.html",
        {
            **admin.site.each_context(request),
            "title": gettext("職員用の画面部品"),
            "here": here,
            "columns": {"chart": charts.columns(points), "heading": gettext("期限")},
            "standing": {"title": gettext("立つ棒の図"), "key": "standing"},
            "lying": {"title": gettext("寝た棒の図"), "key": "lying"},
            "rows": {
                "chart": charts.rows([(Status.IN_REVIEW.label, ages)]),
                "headings": headings,
            },
            "statuses": Status,
        },
    )
