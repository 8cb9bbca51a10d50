"""Money: what came in, what it paid, and what goes back."""

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate

from applications.models import Charge, HistoryEntry, PaymentMethod
from applications.status import MoveName, Status
from koss.ground import clock
from koss.ground.invariant import Rule, twice
from payments.models import (
    DebitOrder,
    DebitState,
    NoticeVerdict,
    NumberKind,
    PaymentInformation,
    PaymentLine,
    PaymentState,
    Refund,
    SettlementNotice,
)
from payments.models.settlement import Way

_TOLD_AGAIN = [verdict for verdict in NoticeVerdict if not verdict.is_money]
_GOES_BACK = [verdict for verdict in NoticeVerdict if verdict.goes_back]
_GIVEN_UP = [PaymentState.REFUSED, PaymentState.EXPIRED, PaymentState.CANCELLED]


def _money():
    return SettlementNotice.objects.exclude(verdict__in=_TOLD_AGAIN)


def _applied():
    return SettlementNotice.objects.filter(verdict=NoticeVerdict.APPLIED)


def _live(**those):
    return PaymentLine.objects.filter(released_at=None, **those)


def _applied_twice():
    return twice(_applied(), "information")


def _paid_without_its_money():
    its_money = _applied().filter(
        information=OuterRef("pk"),
        amount=OuterRef("amount"),
        payment_number=OuterRef("payment_number"),
        agency_number=OuterRef("agency_number"),
    )
    return PaymentInformation.objects.filter(~Exists(its_money), state=PaymentState.PAID)


def _applied_to_nothing():
    return _applied().exclude(
        information__isnull=False,
        information__state=PaymentState.PAID,
        information__amount=F("amount"),
    )


def _charges_unlike_their_number():
    """Paid without a paid number or at another moment than its money, or unpaid under one."""
    under_paid = _live(charge=OuterRef("pk"), information__state=PaymentState.PAID)
    by_money = under_paid.filter(
        information__notices__verdict=NoticeVerdict.APPLIED,
        information__notices__settled_at=OuterRef("paid_at"),
    )
    return Charge.objects.filter(
        (Q(paid_at__isnull=False) & ~Exists(by_money)) | (Q(paid_at=None) & Exists(under_paid))
    )


def _paid_and_still_waiting():
    return Charge.objects.filter(_waits_for_this_charge(), paid_at__isnull=False)


def _moved_on_without_money():
    """Applications whose record says that a payment came in, while a charge of it is unpaid."""
    unpaid = Charge.objects.unpaid().filter(application=OuterRef("application"))
    settled = _any_of(
        Q(Exists(unpaid.filter(kind__in=kind.charge_kinds)), from_status__in=kind.statuses)
        for kind in NumberKind
    )
    return HistoryEntry.objects.filter(settled, move=MoveName.SETTLE)


def _waits_for_this_charge():
    return _any_of(
        Q(kind__in=kind.charge_kinds, application__status__in=kind.statuses) for kind in NumberKind
    )


def _not_given_back():
    refund = Refund.objects.filter(
        notice=OuterRef("pk"), amount=OuterRef("amount"), reason=OuterRef("verdict")
    )
    return SettlementNotice.objects.filter(~Exists(refund), verdict__in=_GOES_BACK)


def _given_back_without_cause():
    return Refund.objects.exclude(notice__verdict__in=_GOES_BACK)


def _told_again_before_told():
    told = _money().filter(settlement_id=OuterRef("settlement_id"))
    return SettlementNotice.objects.filter(~Exists(told), verdict__in=_TOLD_AGAIN)


def _days_that_do_not_add_up():
    """What came in on a day of Japan, and what became of it."""
    nothing = Value(0)
    paid = Case(
        When(verdict=NoticeVerdict.APPLIED, then=F("information__amount")),
        default=nothing,
        output_field=IntegerField(),
    )
    return (
        _money()
        .order_by()
        .annotate(day=TruncDate("settled_at", tzinfo=clock.JAPAN))
        .values("day")
        .annotate(
            came=Sum("amount"),
            kept=Sum(Coalesce(paid, nothing)),
            back=Sum(Coalesce("refund__amount", nothing)),
        )
        .exclude(came=F("kept") + F("back"))
    )


def _void_without_all():
    """Its end was written while an application under it is not 検査申請無効."""
    not_void = _live(information=OuterRef("pk")).exclude(charge__application__status=Status.INVALID)
    return PaymentInformation.objects.filter(
        Exists(not_void), state=PaymentState.WITHDRAWN, ended_at__isnull=False
    )


def _open_for_nobody():
    """An application under an open number that does not wait for this payment."""
    waits = _any_of(
        Q(information__kind=kind, charge__application__status__in=kind.statuses)
        for kind in NumberKind
    )
    return _live(information__state=PaymentState.UNPAID).exclude(waits)


def _held_by_the_dead():
    return _live(information__state__in=_GIVEN_UP)


def _let_go_by_the_living():
    living = [state for state in PaymentState if state not in _GIVEN_UP]
    return PaymentLine.objects.filter(released_at__isnull=False, information__state__in=living)


def _ended_without_end():
    ended = Q(state__in=_GIVEN_UP)
    return PaymentInformation.objects.filter(
        (ended & Q(ended_at=None))
        | Q(state__in=[PaymentState.UNPAID, PaymentState.PAID], ended_at__isnull=False)
    )


def _of_somebody_else():
    """An application in a batch of another payment user, or of another way of paying."""
    return PaymentLine.objects.exclude(
        Q(information__method=F("charge__application__payment_method"))
        & (
            Q(information__user=None, charge__application__payer="")
            | Q(information__user__user_id=F("charge__application__payer"))
        )
    )


def _withdrawn_apart_from_its_batch():
    """The mark on a charge by which the night voids, against its batch."""
    under_withdrawn = _live(charge=OuterRef("pk"), information__state=PaymentState.WITHDRAWN)
    that_day = under_withdrawn.alias(
        day=TruncDate("information__withdrawal_accepted_at", tzinfo=clock.JAPAN)
    ).filter(day=OuterRef("withdrawal_accepted_on"))
    marked = Q(withdrawal_accepted_on__isnull=False)
    return Charge.objects.filter((marked & ~Exists(that_day)) | (~marked & Exists(under_withdrawn)))


def _direct_without_debit():
    return PaymentInformation.objects.filter(method=PaymentMethod.DIRECT, debit=None)


def _debits_of_nothing():
    return DebitOrder.objects.filter(state=DebitState.SCHEDULED).exclude(
        information__state=PaymentState.UNPAID
    )


def _debited_without_money():
    debited = _money().filter(information=OuterRef("information"), way=Way.DIRECT)
    return DebitOrder.objects.filter(~Exists(debited), state=DebitState.DONE)


def _any_of(conditions):
    together = Q()
    for condition in conditions:
        together |= condition
    return together


OF_MONEY = (
    Rule(
        "I1 applied once",
        "A payment number has at most one applied settlement.",
        _applied_twice,
    ),
    Rule(
        "I2 paid by money",
        "A paid number has an applied settlement of exactly its amount.",
        _paid_without_its_money,
    ),
    Rule(
        "I2 money pays",
        "An applied settlement belongs to a paid number of exactly its amount.",
        _applied_to_nothing,
    ),
    Rule(
        "I2 charges follow",
        "A charge is paid exactly when its number is, and when its money was settled.",
        _charges_unlike_their_number,
    ),
    Rule(
        "I2 paid moves on",
        "An application whose payment came in waits for it no longer.",
        _paid_and_still_waiting,
    ),
    Rule(
        "I2 moves on by money",
        "An application that moved on because it was paid has paid.",
        _moved_on_without_money,
    ),
    Rule(
        "I3 back with a row",
        "Money that was not applied has a refund row of its amount and reason.",
        _not_given_back,
    ),
    Rule(
        "I3 only that goes back",
        "A refund row belongs to money that was not applied.",
        _given_back_without_cause,
    ),
    Rule(
        "I3 told before told again",
        "A repeated or conflicting notice has an earlier one that counts.",
        _told_again_before_told,
    ),
    Rule(
        "I3 days add up",
        "What came in on a day is what was applied and what goes back.",
        _days_that_do_not_add_up,
    ),
    Rule(
        "I4 void as a whole",
        "Under a withdrawn batch that is over every application is void.",
        _void_without_all,
    ),
    Rule(
        "I4 open for all",
        "Every application under an open number waits for just this payment.",
        _open_for_nobody,
    ),
    Rule(
        "I4 dead hold nothing",
        "A refused, expired or cancelled number holds no charge.",
        _held_by_the_dead,
    ),
    Rule(
        "I4 living hold all",
        "Only a refused, expired or cancelled number lets a charge go.",
        _let_go_by_the_living,
    ),
    Rule(
        "I4 ends are written",
        "A number that is over says since when; an open or paid one does not.",
        _ended_without_end,
    ),
    Rule(
        "I4 own applications",
        "A number holds applications of its own payment user and way of paying only.",
        _of_somebody_else,
    ),
    Rule(
        "I4 withdrawn as a batch",
        "A charge is marked as withdrawn exactly when its batch is, and on that day.",
        _withdrawn_apart_from_its_batch,
    ),
    Rule(
        "D1 scheduled is open",
        "A debit that is to be ordered has an open number.",
        _debits_of_nothing,
    ),
    Rule(
        "D2 done by money",
        "A debit that is done has brought money.",
        _debited_without_money,
    ),
    Rule(
        "D3 direct by debit",
        "A number of a direct payment has a debit.",
        _direct_without_debit,
    ),
)
