"""A debit that paid nothing: why, in words, and the mail that says so."""

from django.utils.translation import gettext as _

from koss.mail.outbox import Letter, put
from payments.models import NoticeVerdict

# What a bank says of a number that was paid in another way: its settlement comes, or has come.
ALREADY_SETTLED = "already_settled"
# Ours: nobody heard of the debit before its number's due date was over.
PAST_DUE = "past_due"
# Ours: the agency gave a number that another row has.
DUPLICATE_NUMBER = "duplicate_number"
# What the practice agency says where it gives no number (applications.practice.values).
AGENCY_REFUSED = "agency_refused"


def words(failure):
    """Why a debit paid nothing, for people; what a bank says in words of its own stays as it is.

    A ``NoticeVerdict``: the money came, and goes back for this reason.
    """
    if failure in {verdict for verdict in NoticeVerdict if verdict.goes_back}:
        return _("%(reason)sのため還付") % {"reason": NoticeVerdict(failure).label}
    known = {
        "insufficient_funds": _("残高不足"),
        "daily_limit": _("1日の利用限度額超過"),
        "account_closed": _("口座解約"),
        "unknown_account": _("口座未登録"),
        ALREADY_SETTLED: _("納付済み"),
        PAST_DUE: _("納付期限切れ"),
        DUPLICATE_NUMBER: _("納付番号の重複"),
        AGENCY_REFUSED: _("収納機関による拒否"),
    }
    return known.get(failure, failure)


def tell(orders, failure, *, now):
    """Mail to 申請状況通知用メールアドレス that ``orders`` paid nothing, once for each of them.

    In the caller's transaction.
    """
    put([_letter(order, failure) for order in orders], now=now)


def _letter(order, failure):
    information, user = order.information, order.account.user
    return Letter(
        key=f"payments/debit_failed:{information.reference}",
        template="payments/debit_failed",
        to=user.status_email,
        facts={
            "name": user.name,
            "user_id": user.user_id,
            "account_id": order.account.account_id,
            "kind": information.kind,
            "count": information.count,
            "amount": information.amount,
            "due_on": information.due_on.isoformat(),
            "failure": str(failure),
        },
        language=user.language,
    )
