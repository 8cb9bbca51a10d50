"""The statuses of an application by their official names, and who moves it.

The names of 【画面申請】申請状況照会の操作手順, 6, and 【申請共通】申請取り下げの操作手順;
the five marked "ours" name the waits that no manual shows.
"""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Procedure(models.TextChoices):
    CONTINUED_INSPECTION = "continued_inspection", _("継続検査")
    NEW_VEHICLE = "new_vehicle", _("新車")


class Status(models.TextChoices):
    NOT_ACCEPTED = "not_accepted", _("未受付")
    RECEIVED = "received", _("検査申請受付中")  # ours
    FEES_DUE = "fees_due", _("検査手数料等納付待ち")
    FEES_IN_BATCH = "fees_in_batch", _("検査手数料等まとめ払い中")
    IN_REVIEW = "in_review", _("検査申請審査中")  # ours
    AWAITING_CORRECTION = "awaiting_correction", _("検査申請補正待ち")
    WITHDRAWING = "withdrawing", _("検査申請取り下げ中")
    WITHDRAWN = "withdrawn", _("検査申請取り下げ")
    INVALID = "invalid", _("検査申請無効")
    REJECTED = "rejected", _("検査申請却下")
    WEIGHT_TAX_DUE = "weight_tax_due", _("自動車重量税納付待ち")
    WEIGHT_TAX_IN_BATCH = "weight_tax_in_batch", _("自動車重量税まとめ払い中")
    TAX_IN_REVIEW = "tax_in_review", _("軽自動車税申告審査中")  # ours
    AWAITING_TAX_CORRECTION = "awaiting_tax_correction", _("軽自動車税申告補正待ち")
    VEHICLE_TAX_DUE = "vehicle_tax_due", _("軽自動車税納付待ち")
    VEHICLE_TAX_IN_BATCH = "vehicle_tax_in_batch", _("軽自動車税まとめ払い中")
    READY_TO_RETURN = "ready_to_return", _("返付準備完了")
    READY_TO_ISSUE = "ready_to_issue", _("交付準備完了")
    RETURNED = "returned", _("返付済")  # ours
    ISSUED = "issued", _("交付済")  # ours

    FINAL = nonmember(
        frozenset({"not_accepted", "withdrawn", "invalid", "rejected", "returned", "issued"})
    )
    CORRECTABLE = nonmember(frozenset({"awaiting_correction", "awaiting_tax_correction"}))
    PAYABLE = nonmember(
        frozenset(
            {
                "fees_due",
                "fees_in_batch",
                "weight_tax_due",
                "weight_tax_in_batch",
                "vehicle_tax_due",
                "vehicle_tax_in_batch",
            }
        )
    )
    READY = nonmember(frozenset({"ready_to_return", "ready_to_issue"}))
    PICKED_UP = nonmember(frozenset({"returned", "issued"}))
    ONLY_CONTINUED = nonmember(frozenset({"ready_to_return", "returned"}))
    ONLY_NEW = nonmember(
        frozenset(
            {
                "tax_in_review",
                "awaiting_tax_correction",
                "vehicle_tax_due",
                "vehicle_tax_in_batch",
                "ready_to_issue",
                "issued",
            }
        )
    )

    def occurs_in(self, procedure):
        """Whether an application of ``procedure`` can ever have this status."""
        other = (
            Status.ONLY_NEW
            if procedure == Procedure.CONTINUED_INSPECTION
            else Status.ONLY_CONTINUED
        )
        return self.value not in other


class Actor(models.TextChoices):
    """In which role somebody, or something, moves an application."""

    INTAKE = "intake", _("受付")
    APPLICANT = "applicant", _("申請者")
    REVIEWER = "reviewer", _("軽自動車検査協会 審査担当")
    TAX_OFFICE = "tax_office", _("軽自動車税申告窓口")
    COUNTER = "counter", _("軽自動車検査協会 窓口")
    SETTLEMENT = "settlement", _("収納")
    NIGHT = "night", _("夜間処理")


class MoveName(models.TextChoices):
    """What a move is called on staff's buttons and in the record of an application."""

    TAKE_IN = "take_in", _("申請の受付")
    TURN_AWAY = "turn_away", _("受付できない申請")
    ACCEPT = "accept", _("受付チェックを完了する")
    INVALIDATE = "invalidate", _("無効にする")
    SETTLE = "settle", _("納付の確認")
    WITHDRAW = "withdraw", _("申請を取り下げる")
    CONFIRM_WITHDRAWAL = "confirm_withdrawal", _("取り下げを確認する")
    ORDER_CORRECTION = "order_correction", _("補正を指示する")
    SEND_CORRECTION = "send_correction", _("補正を申請する")
    REJECT = "reject", _("却下する")
    PASS_REVIEW = "pass_review", _("審査を完了する")
    PASS_TAX = "pass_tax", _("申告の審査を完了する")
    LET_FEES_LAPSE = "let_fees_lapse", _("納付期限切れ")
    LET_CORRECTION_LAPSE = "let_correction_lapse", _("期限切れ却下")
    VOID_WITH_BATCH = "void_with_batch", _("まとめ納付の取り下げ")
    HAND_OVER = "hand_over", _("交付物を渡す")
    RECORD_RETURN = "record_return", _("代行者による返付を記録する")


class StandardReason(models.TextChoices):
    """Why a move was made where nobody says so in words of their own."""

    FEES_LAPSED = (
        "fees_lapsed",
        _("納付期限日までに検査手数料・技術情報管理手数料の納付を確認できませんでした。"),
    )
    BATCH_WITHDRAWN = "batch_withdrawn", _("まとめ納付の単位で取り下げられました。")
    WITHDRAWAL_ACCEPTED = (
        "withdrawal_accepted",
        _("申請の取り下げを受け付けました。軽自動車検査協会の確認後に完了します。"),
    )
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed", _("申請の取り下げが完了しました。")
    CORRECTION_LAPSED = (
        "correction_lapsed",
        _("補正期限日までに補正が行われなかったため、期限切れ却下となりました。"),
    )
    HANDED_OVER = "handed_over", _("窓口で二次元コードを確認し、交付物を渡しました。")
