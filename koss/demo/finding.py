"""Finding an application of the demo world: what to try first, and by what it is good for."""

from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.demo.samples import FIRST
from applications.status import Procedure, Status

_S = Status


class Purpose(models.TextChoices):
    """What an application is good for."""

    PAY = "pay", _("個別納付をする")
    PAY_TOGETHER = "together", _("まとめ納付、ダイレクト納付をする")
    CORRECT = "correct", _("補正をする")
    WITHDRAW = "withdraw", _("取り下げる")
    FETCH = "fetch", _("二次元コードを発行して受け取る")
    REVIEW = "review", _("担当者として審査する")
    HAND_OVER = "hand_over", _("窓口の担当者として渡す")
    DEADLINE = "deadline", _("期限と夜間処理を見る")
    LOGIN = "login", _("ログインの失敗を見る")
    ENDED = "ended", _("終わった手続を見る")


_STATUSES = {
    Purpose.PAY: {_S.FEES_DUE, _S.WEIGHT_TAX_DUE, _S.VEHICLE_TAX_DUE},
    Purpose.PAY_TOGETHER: {_S.FEES_IN_BATCH, _S.WEIGHT_TAX_IN_BATCH, _S.VEHICLE_TAX_IN_BATCH},
    Purpose.CORRECT: Status.CORRECTABLE,
    Purpose.FETCH: Status.READY,
    Purpose.HAND_OVER: Status.READY,
    Purpose.REVIEW: {_S.RECEIVED, _S.IN_REVIEW, _S.TAX_IN_REVIEW, _S.WITHDRAWING},
    Purpose.ENDED: Status.FINAL,
}
# Where an application is open to withdrawal, its account says so.
_WITHDRAWABLE, _CORRECTION = "納付番号取得前", _S.AWAITING_CORRECTION
_OF_DEADLINES = ("期限", "翌朝")


@dataclass(frozen=True, slots=True)
class Row:
    """One account with its application, and what it is good for."""

    account: object
    application: object
    purpose: str = ""


class FindForm(forms.Form):
    procedure = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)
    purpose = forms.ChoiceField(label=_("試したいこと"), required=False)

    def __init__(self, *args, labels, **kwargs):
        super().__init__(*args, **kwargs)
        every = [("", _("すべて"))]
        for name, choices in (
            ("procedure", Procedure.choices),
            ("status", Status.choices),
            ("purpose", Purpose.choices),
        ):
            self.fields[name].choices = every + choices
        for name, label in labels.items():
            self.fields[name].label = label

    def rows(self, pairs):
        """Those of ``pairs`` (account, application) that are asked for; none for nonsense."""
        if not self.is_valid():
            return []
        wanted = self.cleaned_data
        return [
            Row(account, application)
            for account, application in pairs
            if wanted["procedure"] in ("", application.procedure)
            and wanted["status"] in ("", application.status)
            and (not wanted["purpose"] or wanted["purpose"] in purposes_of(account, application))
        ]


def purposes_of(account, application):
    """What ``application`` is good for as it stands now."""
    found = {purpose for purpose, statuses in _STATUSES.items() if application.status in statuses}
    if application.status == _CORRECTION or _WITHDRAWABLE in account.shows:
        found.add(Purpose.WITHDRAW)
    if any(words in account.shows for words in _OF_DEADLINES):
        found.add(Purpose.DEADLINE)
    return {Purpose.LOGIN} if account.needs_login else found


def first_to_try(pairs):
    """The best ones, in the order of ``FIRST``, as far as they are there."""
    there = {(each.procedure, account.shows): (account, each) for account, each in pairs}
    return [
        Row(*there[procedure, shows], purpose)
        for procedure, shows, purpose in FIRST
        if (procedure, shows) in there
    ]
