"""What happens next with an application, who has the ball, and until when: one plain sentence."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.labels import Party
from applications.status import Status
from koss import clock
from koss.workdays import next_working_day

_S = Status
_STEPS = {
    _S.NOT_ACCEPTED: (
        Party.NOBODY,
        _("この申請は受け付けられませんでした。通知等情報を確認し、あらためて申請してください。"),
    ),
    _S.RECEIVED: (
        Party.ASSOCIATION,
        _("申請の内容を受付で確認しています。確認が終わると、手数料の納付に進みます。"),
    ),
    _S.FEES_DUE: (
        Party.YOU,
        _("検査手数料・技術情報管理手数料を納付してください。納付が確認されると審査が始まります。"),
    ),
    _S.FEES_IN_BATCH: (
        Party.YOU,
        _(
            "検査手数料・技術情報管理手数料をまとめて納付してください。納付が確認されると審査が始まります。"
        ),
    ),
    _S.IN_REVIEW: (
        Party.ASSOCIATION,
        _("申請の内容を審査しています。あなたが行うことはありません。"),
    ),
    _S.AWAITING_CORRECTION: (
        Party.YOU,
        _("補正の指示が出ています。内容を直して補正を申請するか、申請を取り下げてください。"),
    ),
    _S.WITHDRAWING: (
        Party.ASSOCIATION,
        _("取り下げを受け付けました。協会の確認が終わると、取り下げが完了します。"),
    ),
    _S.WITHDRAWN: (
        Party.NOBODY,
        _("取り下げが完了しました。手続が必要なときは、あらためて申請してください。"),
    ),
    _S.INVALID: (
        Party.NOBODY,
        _(
            "この申請は無効になりました。通知等情報を確認し、必要なときはあらためて申請してください。"
        ),
    ),
    _S.REJECTED: (
        Party.NOBODY,
        _("この申請は却下されました。通知等情報を確認し、必要なときはあらためて申請してください。"),
    ),
    _S.WEIGHT_TAX_DUE: (Party.YOU, _("検査が終わりました。自動車重量税を納付してください。")),
    _S.WEIGHT_TAX_IN_BATCH: (
        Party.YOU,
        _("検査が終わりました。自動車重量税をまとめて納付してください。"),
    ),
    _S.TAX_IN_REVIEW: (
        Party.TAX_OFFICE,
        _("軽自動車税の申告を審査しています。あなたが行うことはありません。"),
    ),
    _S.AWAITING_TAX_CORRECTION: (
        Party.YOU,
        _("軽自動車税の申告に補正の指示が出ています。内容を直して補正を申請してください。"),
    ),
    _S.VEHICLE_TAX_DUE: (Party.YOU, _("軽自動車税環境性能割を納付してください。")),
    _S.VEHICLE_TAX_IN_BATCH: (Party.YOU, _("軽自動車税環境性能割をまとめて納付してください。")),
    _S.READY_TO_RETURN: (
        Party.YOU,
        _("自動車検査証をお返しする準備ができました。申請先の事務所等の窓口で受け取ってください。"),
    ),
    _S.READY_TO_ISSUE: (
        Party.YOU,
        _("自動車検査証をお渡しする準備ができました。申請先の事務所等の窓口で受け取ってください。"),
    ),
    _S.RETURNED: (Party.NOBODY, _("自動車検査証をお返ししました。手続はすべて終わりました。")),
    _S.ISSUED: (Party.NOBODY, _("自動車検査証をお渡ししました。手続はすべて終わりました。")),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """``deadline``: the last day for whoever has the ball; ``days_left`` below 0: it has passed."""

    who: str
    sentence: str
    deadline: date | None = None
    days_left: int | None = None
    work_resumes_on: date | None = None

    @property
    def is_over(self):
        return self.days_left is not None and self.days_left < 0

    @property
    def is_over_for_good(self):
        return self.who == Party.NOBODY


def of(application, *, now):
    """The next step of ``application`` as it stands at ``now``."""
    who, sentence = _STEPS[Status(application.status)]
    today = clock.day(now)
    working_day = next_working_day(today)
    staff_work = who in (Party.ASSOCIATION, Party.TAX_OFFICE)
    return NextStep(
        who=who,
        sentence=gettext(str(sentence)),
        deadline=application.deadline,
        days_left=(application.deadline - today).days if application.deadline else None,
        work_resumes_on=working_day if staff_work and working_day != today else None,
    )
