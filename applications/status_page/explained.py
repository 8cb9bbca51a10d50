"""Every status explained: what it means, who acts, what to do, and what may come next.

What to do comes from the table of ``next_step``, what comes next from the table of moves; only
what a status means, and when a row of the two holds, is said here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications.labels import Button, Party
from applications.life import conditions as c
from applications.life import table
from applications.status import Actor, MoveName, Procedure, Status
from applications.status_page.next_step import ROWS, Act, Circumstance
from payments.labels import Button as PaymentButton
from payments.labels import Screen as PaymentScreen
from payments.models import NumberKind
from payments.numbers.situations import Situation

MEANING = {
    Status.NOT_ACCEPTED: _("申請の内容か電子署名に問題があり、受け付けられませんでした。"),
    Status.RECEIVED: _("申請を受け付け、軽自動車検査協会が内容を確認しています。"),
    Status.FEES_DUE: _("検査手数料と技術情報管理手数料の個別納付を待っています。"),
    Status.FEES_IN_BATCH: _(
        "検査手数料と技術情報管理手数料のまとめ納付かダイレクト納付を待っています。"
    ),
    Status.IN_REVIEW: _("手数料の納付が確認され、軽自動車検査協会が審査しています。"),
    Status.AWAITING_CORRECTION: _("検査の申請に小さな誤りや不足があり、補正を待っています。"),
    Status.WITHDRAWING: _("取り下げを受け付け、軽自動車検査協会の確認を待っています。"),
    Status.WITHDRAWN: _("申請する方の取り下げが確認され、申請は終わりました。"),
    Status.INVALID: _(
        "受付の確認で受けられなかったか、手数料の納付期限が過ぎたか、"
        "まとめ納付の単位で取り下げられたため、申請は終わりました。"
    ),
    Status.REJECTED: _("審査で却下されたか、補正期限が過ぎたため、申請は終わりました。"),
    Status.WEIGHT_TAX_DUE: _("審査が完了し、自動車重量税の個別納付を待っています。"),
    Status.WEIGHT_TAX_IN_BATCH: _(
        "審査が完了し、自動車重量税のまとめ納付かダイレクト納付を待っています。"
    ),
    Status.TAX_IN_REVIEW: _("検査の審査が完了し、窓口が軽自動車税の申告を審査しています。"),
    Status.AWAITING_TAX_CORRECTION: _(
        "軽自動車税の申告に小さな誤りや不足があり、補正を待っています。取り下げはできません。"
    ),
    Status.VEHICLE_TAX_DUE: _("軽自動車税環境性能割の個別納付を待っています。"),
    Status.VEHICLE_TAX_IN_BATCH: _(
        "軽自動車税環境性能割のまとめ納付かダイレクト納付を待っています。"
    ),
    Status.READY_TO_RETURN: _("自動車検査証をお返しする準備が完了しました。"),
    Status.READY_TO_ISSUE: _("自動車検査証と車両番号標をお渡しする準備が完了しました。"),
    Status.RETURNED: _("自動車検査証の返付が終わり、手続は完了しました。"),
    Status.ISSUED: _("自動車検査証の交付が終わり、手続は完了しました。"),
}
# When a row of the next step holds; ANY always does.
WHEN = {
    Circumstance.IN_TIME: _("補正期限まで"),
    Circumstance.TOO_LATE: _("補正期限を過ぎたあと"),
    Circumstance.BY_VEHICLE_CODE: _("車両ごとの二次元コードで受け取るとき"),
    Circumstance.BY_RECEIVER: _("登録された受取者が受け取るとき"),
    Circumstance.BY_AGENT: _("記録等事務代行者から受け取るとき"),
    Situation.TO_PAY: _("まだ納付していないとき"),
    Situation.PRESSED: _("納付の操作を一度したとき"),
    Situation.TO_TAKE: _("まとめ納付で、納付番号を取得する前"),
    Situation.NUMBERED: _("まとめ納付で、納付番号を取得したあと"),
    Situation.TO_ORDER: _("ダイレクト納付で、引き落としを申し込む前"),
    Situation.DEBIT_SCHEDULED: _("引き落としを申し込んだあと"),
    Situation.DEBIT_ORDERED: _("引き落としを金融機関に依頼したあと"),
    Situation.BATCH_WITHDRAWN: _("まとめ納付の取り下げを受け付けたあと"),
    Situation.LATE: _("納付番号がないまま納付期限を過ぎたとき"),
    Situation.LATE_NUMBERED: _("納付番号を取得したまま納付期限を過ぎたとき"),
    Situation.NUMBER_LATE: _("納付番号の期限だけを過ぎたとき"),
    Situation.OVERDUE: _("納付期限を過ぎたとき"),
}
# When a move is made, for those who wait for it. What every move of a kind has stays unsaid.
ONLY_WHEN = {
    c.pays_individually: _("個別納付の申請"),
    c.pays_together: _("まとめ納付かダイレクト納付の申請"),
    c.owes_fees: _("手数料を納める申請"),
    c.fees_carried_over: _("前の申請の手数料を引き継ぐ申請"),
    c.no_number_taken: _("納付番号を取得する前"),
    c.no_number_open: _("使える納付番号がないとき"),
    c.fees_paid: _("手数料のすべてが納付されたとき"),
    c.fees_unpaid: _("手数料が納付されていないとき"),
    c.batch_withdrawn: _("まとめ納付が取り下げられたとき"),
    c.weight_tax_paid: _("自動車重量税が納付されたとき"),
    c.vehicle_tax_paid: _("環境性能割が納付されたとき"),
    c.owes_weight_tax: _("自動車重量税がかかる車"),
    c.free_of_weight_tax: _("自動車重量税がかからない車"),
    c.owes_vehicle_tax: _("環境性能割がかかる車"),
    c.free_of_vehicle_tax: _("環境性能割がかからない車"),
    c.is_continued_inspection: Procedure.CONTINUED_INSPECTION.label,
    c.is_new_vehicle: Procedure.NEW_VEHICLE.label,
    c.in_time: _("期限まで"),
    c.overdue: _("期限を過ぎたとき"),
    c.has_recording_agent: _("記録等事務代行者に頼んだ申請"),
}
_ACTS = {
    Act.PAY: PaymentButton.PAY,
    Act.GO_TO_PAYMENT: PaymentScreen.PAYMENT_LOGIN,
    Act.CORRECT: Button.CORRECT,
    Act.WITHDRAW: Button.WITHDRAW,
    Act.ISSUE_CODE: Button.ISSUE_PICKUP_CODE,
}
_NEXT_DAY = _("期限の翌日")
_DAY_AFTER_ACCEPTANCE = _("受け付けた日の翌日")


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One row of the next step: ``when`` "" where it always holds. ``acts``: names of buttons."""

    when: str
    who: Party
    sentence: str
    acts: tuple
    notes: tuple


@dataclass(frozen=True, slots=True)
class ExplainedMove:
    """One line of the table of moves, from here on."""

    by: Actor
    name: MoveName
    only_when: tuple
    target: Status


@dataclass(frozen=True, slots=True)
class ExplainedStatus:
    status: Status
    procedures: tuple
    meaning: str
    steps: tuple
    moves: tuple


def every_status():
    """All statuses in their declared order."""
    return [
        ExplainedStatus(
            status,
            tuple(each for each in Procedure if status.occurs_in(each)),
            MEANING[status],
            tuple(_steps(status)),
            tuple(_moves(status)),
        )
        for status in Status
    ]


def _steps(status):
    for row in ROWS:
        # Paid while somebody looked: a page that is drawn anew never shows it.
        if status not in row.statuses or _is_for_a_moment(status, row):
            continue
        facts = _facts(status, row)
        yield ExplainedStep(
            WHEN.get(row.condition, ""),
            row.who,
            row.sentence % facts,
            tuple(label for act, label in _ACTS.items() if act in row.acts),
            tuple(note % facts for note in row.notes),
        )


def _is_for_a_moment(status, row):
    return status in Status.PAYABLE and row.condition is Circumstance.ANY


def _moves(status):
    for move in table.TABLE:
        if move.source == status:
            conditions = c.parts_of(move.when) if move.when else ()
            only_when = tuple(ONLY_WHEN[each] for each in conditions)
            yield ExplainedMove(move.by, move.name, only_when, move.target)


def _facts(status, row):
    """What the sentences name, in general words where an application has its own."""
    kind = next((each for each in NumberKind if status in each.statuses), None)
    withdrawn = row.condition is Situation.BATCH_WITHDRAWN
    return {
        "charge": kind.label if kind else "",
        "debit_on": _("申し込みのときに決めた日"),
        "morning": _DAY_AFTER_ACCEPTANCE if withdrawn else _NEXT_DAY,
        "office": _("申請のときに選んだ事務所等"),
        "receiver": _("申請のときに入力した名前"),
        "agent": _("申請のときに入力した名前"),
        "pay": PaymentButton.PAY,
        "login": PaymentScreen.PAYMENT_LOGIN,
        "batches": PaymentScreen.CONFIRM_BATCH,
        "orders": PaymentScreen.DIRECT_ORDERS,
        "withdraw": PaymentButton.WITHDRAW_BATCH,
    }
