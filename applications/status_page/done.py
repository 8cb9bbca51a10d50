"""What the applicant has just done, said on the status page that it led to."""

from dataclasses import dataclass

from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

from applications.status import MoveName

_ASKED = "done"


@dataclass(frozen=True, slots=True)
class Done:
    """``title``: for the page's title and the panel; ``more``: what follows from it."""

    title: str
    more: str


_WORDS = {
    MoveName.WITHDRAW: Done(
        _("申請の取り下げを受け付けました"),
        _(
            "軽自動車検査協会が確認すると、取り下げが完了します。結果は、このページの通知等情報に表示されます。"
        ),
    ),
    MoveName.SEND_CORRECTION: Done(
        _("補正を申請しました"),
        _("補正した内容で、もう一度審査を行います。結果が出るまで、あなたが行うことはありません。"),
    ),
}


def lead_to(name, handle):
    """The redirect to the status page that says that the move ``name`` was made."""
    return redirect(f"{resolve_url('applications:status', handle)}?{_ASKED}={name}")


def of(request, timeline):
    """What the page says was done, or None. ``timeline``: newest first.

    The address only asks for it: it is said as long as that move is the newest one.
    """
    newest = timeline[0].move if timeline else ""
    return _WORDS.get(newest) if request.GET.get(_ASKED) == newest else None
