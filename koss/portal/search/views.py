"""The page 検索結果. What was asked is neither kept nor logged."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from koss.ground import clock, text
from koss.ground.form_fields import ReadField
from koss.ground.forms import PlainMessages
from koss.portal.search import asked, index

_PER_PAGE = 20


class SearchForm(PlainMessages, forms.Form):
    """Sent by GET."""

    q = ReadField(
        label=_("検索する言葉"),
        help_text=_("知りたいことを、言葉か文で入力してください。ひらがなでも探せます。"),
        max_length=asked.LONGEST,
        reader=lambda typed: " ".join(text.read_words(typed)),
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )


@require_safe
@never_cache
def results(request):
    """A page number out of range shows the nearest page."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    context = {"form": form, "is_search": True}
    if form.is_bound and form.is_valid():
        found = index.search(form.cleaned_data["q"], now=clock.now())
        page = Paginator(found.entries, _PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "typed": form.cleaned_data["q"],
            "page": page,
            "results": found.shown(page.object_list),
            "slips": found.slips,
        }
    return render(request, "pages/search.html", context)
