"""Money of numbers that the demo takes out of its world: the bank still knows it."""

from payments.models import NoticeVerdict, Refund
from payments.models.settlement import RefundState

BY = "demo"
_NOTE = "研修用の席を始めに戻したため"


def give_up(notices, *, now):
    """Keep ``notices`` (a QuerySet) as money of no known number that went back; no others change.

    Otherwise reconciliation would find the money anew, and put it into the refund queue.
    """
    # Money only, and each as a row of its own: what repeats it goes with its number.
    kept = list(notices.exclude(verdict__in=[each for each in NoticeVerdict if not each.is_money]))
    for notice in kept:
        notice.information, notice.verdict = None, NoticeVerdict.UNKNOWN_NUMBER
        notice.save(update_fields=["information", "verdict"])
        Refund.objects.update_or_create(
            notice=notice,
            defaults={
                "amount": notice.amount,
                "reason": notice.verdict,
                "state": RefundState.DONE,
                "opened_at": now,
                "done_at": now,
                "done_by": BY,
                "note": _NOTE,
            },
        )
