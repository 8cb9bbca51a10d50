"""The portal's own pages: reading matter, news, and the text size."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from koss.ground import clock
from koss.models import News
from koss.portal import kept_pages, reading_pages, weight_tax
from koss.portal.context import TEXT_SIZE_COOKIE, TEXT_SIZES
from koss.portal.places import is_of_this_site, keep_and_go_back

_NEWS_ON_TOP = 3
_NEWS_PER_PAGE = 20


@require_safe
def top(request):
    return kept_pages.render(request, "pages/top.html", _newest)


def _newest():
    return {"news": News.objects.published(now=clock.now())[:_NEWS_ON_TOP]}


def reading(page):
    """The view of a reading page that is the same for everybody at any time."""

    @require_safe
    def view(request):
        if page.name == "weight_tax":
            return weight_tax.view(request, reading_pages.frame_of(page))
        template = f"pages/{page.template}.html"
        return kept_pages.render(request, template, lambda: reading_pages.context_of(page))

    return view


@require_safe
def screen_applications(request):
    return kept_pages.render(request, "pages/screen_applications.html", dict)


@require_safe
def bulk_applications(request):
    return kept_pages.render(request, "pages/bulk_applications.html", dict)


@require_safe
def payment_choice(request):
    """納付を行う of 画面申請: one by one, or many at once."""
    return kept_pages.render(request, "pages/payment_choice.html", dict)


@require_safe
def news(request):
    """お知らせ一覧. A page number out of range shows the nearest page."""
    return kept_pages.render(request, "pages/news.html", lambda: {"page": _news_page(request)})


def _news_page(request):
    paginator = Paginator(News.objects.published(now=clock.now()), _NEWS_PER_PAGE)
    return paginator.get_page(request.GET.get("page"))


@require_safe
def news_item(request, pk):
    """One piece of news; before its moment it does not exist."""
    item = get_object_or_404(News.objects.published(now=clock.now()), pk=pk)
    return render(request, "pages/news_item.html", {"item": item})


@require_POST
def text_size(request):
    """Keep the chosen 文字サイズ and go back to where it was chosen."""
    return keep_and_go_back(request, TEXT_SIZE_COOKIE, request.POST.get("size"), TEXT_SIZES)


@never_cache
@require_safe
def idle(request):
    """The warning of the idle end where no script gives it (docs/adr/0042).

    It asks for no sign-in, so to open it counts as no use, and it shows nothing private.
    """
    back = request.GET.get("back", "")
    if not is_of_this_site(request, back):
        raise Http404
    return render(request, "pages/idle.html", {"back": back})


def csrf_failure(request, reason=""):
    """A form without a valid token: opened long ago, or cookies are off. Nothing was done."""
    return render(request, "403_csrf.html", status=403)
