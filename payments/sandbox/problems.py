"""Pages that say why something cannot go on."""

from django.shortcuts import render


def page(request, status, title, words, *, back=""):
    """One sentence and the way back; ``back`` is the portal's address, if there is one."""
    context = {"title": title, "words": words, "back": back}
    return render(request, "bank/problem.html", context, status=status)


def not_found(request, exception=None):
    return page(request, 404, "ページが見つかりません", "アドレスをお確かめください。")


def refused(request, exception=None):
    return page(request, 400, "受け付けできません", "もう一度、はじめからお進みください。")


def broken(request):
    return page(request, 500, "エラーが発生しました", "時間をおいて、もう一度お試しください。")


def csrf_failure(request, reason=""):
    return page(
        request,
        403,
        "受け付けできません",
        "画面の有効期限が切れたか、Cookieが使えない設定になっています。"
        "前の画面を開き直して、もう一度お試しください。",
    )
