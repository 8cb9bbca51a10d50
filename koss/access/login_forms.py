"""What every login with a lock says: one table of refusals, and slips of typing told uncounted."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koss.access import password_rule
from koss.access.passwords import Verdict
from koss.ground import dates

BUSY = gettext_lazy("ただいま混み合っています。少し待ってから、もう一度押してください。")
SOURCE_BUSY = gettext_lazy(
    "お使いの回線からの操作が続いています。%(time)s以降にもう一度押してください。"
)
_SAME_FOR_ALL = {
    Verdict.WAIT: (
        429,
        gettext_lazy(
            "誤りが続いたため、しばらく受け付けられません。%(time)s以降にもう一度入力してください。"
            "いま入力されたパスワードは確かめておらず、誤りとしても数えていません。"
        ),
    ),
    Verdict.SOURCE_SPENT: (
        429,
        gettext_lazy(
            "お使いの回線からの誤りが多いため、誤りのあったこの番号は%(date)s%(time)sまで"
            "受け付けられません。ほかの番号は利用できます。お急ぎのときはお問い合わせください。"
        ),
    ),
    Verdict.SOURCE_BUSY: (429, SOURCE_BUSY),
    Verdict.BUSY: (429, BUSY),
}


class TriedPassword:
    """Mixin for a form with a password that is tried, to stand before Django's own class.

    ``tried``: the name of its field. ``refusals``: Verdict → (HTTP status, sentence), for what this
    login says in its own words.
    """

    tried = "password"
    refusals = {}

    def clean(self):
        """Say what no right password can have, before it is tried and counted."""
        typed = super().clean()
        said = password_rule.slip_of(self.cleaned_data.get(self.tried) or "")
        if said:
            self.add_error(self.tried, said + _("この入力は誤りとして数えていません。"))
        return typed

    def refuse(self, answer):
        """Say beside the field why the password was not taken; returns the HTTP status."""
        status, said = refusal(answer, self.refusals)
        self.add_error(self.tried, said)
        return status


def refusal(answer, own=None):
    """(HTTP status, sentence) for an ``answer`` that is not RIGHT. ``own``: as ``refusals``."""
    status, sentence = (_SAME_FOR_ALL | (own or {}))[answer.verdict]
    return status, with_time(sentence, answer.retry_at)


def with_time(sentence, moment):
    """``sentence`` with its moment, where it names one, in the time of Japan."""
    if moment is None:
        return sentence
    moment = timezone.localtime(moment)
    return sentence % {
        "date": _("%(month)s月%(day)s日 ") % dates.parts(moment),
        "time": f"{moment:%H:%M:%S}",
    }
