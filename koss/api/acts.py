"""What a program may do about an application: withdraw it, and take 納付番号 for it.

Only where the manuals let a person do so (【申請共通】申請取り下げの操作手順, 1;
【画面申請】申請状況照会の操作手順, 6). Corrections stay on the portal.
"""

from ninja import Path

from applications.life import moves
from applications.models import Application
from applications.status import Actor, MoveName
from applications.status_page import contents
from koss.api import faults, sent, shapes, showing
from koss.api.bearer import PAY_ONCE, READ, SUBMIT_ONCE
from koss.api.once import once
from koss.api.problems import Fault, Problem
from koss.api.reads import own
from koss.api.routing import router
from koss.ground import clock
from payments.labels import Column
from payments.models import PaymentInformation
from payments.numbers import taking

_TAGS = ["取り下げと納付"]


@router.post(
    "/applications/{receipt_number}/withdraw",
    response=sent.Moved,
    auth=SUBMIT_ONCE,
    by_alias=True,
    tags=_TAGS,
    url_name="withdraw",
    operation_id="withdraw_application",
    summary=str(MoveName.WITHDRAW.label),
)
@once(200, sent.Moved)
def withdraw_application(request, receipt_number: Path[shapes.ReceiptNumber]):
    """While `next_step.acts` has `withdraw`; else 409 says why not."""
    application, now = own(request.auth, receipt_number), clock.now()
    try:
        entry = moves.perform(
            MoveName.WITHDRAW,
            application,
            actor=Actor.APPLICANT,
            by=request.auth.user.bulk_id,
            now=now,
        )
    except moves.MoveRefused as refused:
        why = contents.refusal(refused.application, MoveName.WITHDRAW, now=now)
        raise Problem(
            "conflict", str(why.sentence), "Its status does not let it be withdrawn."
        ) from refused
    return showing.moved(entry.application)


@router.post(
    "/payment-numbers",
    response={202: sent.NumberList},
    auth=PAY_ONCE,
    by_alias=True,
    tags=_TAGS,
    url_name="payment_numbers",
    operation_id="take_payment_numbers",
    summary="納付番号を取得する（まとめ納付）",
)
@once(202, sent.NumberList)
def take_payment_numbers(request, body: sent.NumbersIn):
    """One number for each kind of tax or fee; read them again until the agency has answered."""
    user = request.auth.user
    rows = Application.objects.filter(receipt_number__in=body.receipt_numbers, bulk_id=user.bulk_id)
    keys = dict(rows.values_list("receipt_number", "pk"))
    if missing := [number for number in body.receipt_numbers if number not in keys]:
        raise _not_available(body.receipt_numbers, missing)
    try:
        taken = taking.take(user, keys.values(), now=clock.now())
    except taking.ChargesNotAvailable as refused:
        raise _not_available(
            body.receipt_numbers, refused.receipt_numbers or body.receipt_numbers
        ) from refused
    return {"items": [showing.number(each) for each in taken]}


@router.get(
    "/payment-numbers/{reference}",
    response=sent.NumberOut,
    auth=READ,
    by_alias=True,
    tags=_TAGS,
    url_name="payment_number",
    operation_id="read_payment_number",
    summary=str(Column.PAYMENT_NUMBER),
)
def read_payment_number(request, reference: Path[sent.NumberReference]):
    """The numbers to pay by, once the collecting agency has given them."""
    found = PaymentInformation.objects.filter(user=request.auth.user, reference=reference).first()
    if found is None:
        raise Problem("not_found")
    return showing.number(found)


def _not_available(asked, missing):
    """For each of the numbers ``missing`` its place in what was asked."""
    japanese, english = faults.NOT_PAYABLE
    return Problem(
        "conflict",
        faults=[
            Fault("not_payable", str(japanese), english, faults.pointer("receipt_numbers", place))
            for place, number in enumerate(asked)
            if number in set(missing)
        ],
    )
