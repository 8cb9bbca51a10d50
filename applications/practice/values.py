"""The one table of magic values. docs/api.md, the demo page and the interface are drawn from it.

In demo mode alone any of them means anything: ``of``, ``refusal_of`` and ``beginning_with`` say
nothing elsewhere.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Field
from applications.life.charges import VEHICLE_TAX_LAST_DAY
from applications.models import AttachmentKind, SignatureRefusal
from applications.signatures.sandbox.samples import SAMPLES
from applications.status import Actor, MoveName, Status

_S, _M = Status, MoveName


class ValueKind(models.TextChoices):
    """What somebody types, or signs with."""

    CHASSIS = "chassis_number", _("車台番号の初め")
    NAME = "applicant_name", _("申請者の氏名または名称")
    PASSWORD = "password", Field.APPLICATION_PASSWORD
    CERTIFICATE = "certificate", _("電子証明書")


class Where(models.TextChoices):
    """Where a value acts."""

    INTAKE = "intake", Actor.INTAKE.label
    PAPERS = "papers", _("添付書類")
    STAFF = "staff", _("職員")
    APPLICANT = "applicant", Actor.APPLICANT.label
    AGENCY = "agency", _("収納機関")
    BANK = "bank", _("練習用の金融機関")


@dataclass(frozen=True, slots=True)
class Papers:
    """How the practice systems answer; ``mode``, ``minutes`` as their training page has them."""

    mode: str
    minutes: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What a correction order opens. ``everything``: all that it can; ``times``: how often."""

    fields: tuple[str, ...] = ()
    attachments: tuple[AttachmentKind, ...] = ()
    everything: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Payment:
    """How a payment number is paid by itself.

    ``notice``: how the bank tells of it (``payments.banks.sandbox.pay``). ``nights``: so many days
    after the number was given. ``past_due``: once the number has expired. ``takes_number``: the
    payer is played too, and takes the number.
    """

    notice: str = "normal"
    nights: int = 0
    past_due: bool = False
    takes_number: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One magic value.

    ``typed``: of a 車台番号 how it begins, else the whole. ``shows``: what happens, for people.
    ``steps``: (status, the move made there by itself), by staff or applicant; SETTLE: it is paid.
    ``reaches``: where it comes to rest without anybody's press; of several, 手続種別 and 納付方法
    decide. ``papers``, ``refusal`` (of the signature), ``number_refusal``, ``debit_refusal``,
    ``order``, ``payment``: how it acts there.
    """

    typed: str
    shows: str
    steps: tuple[tuple[Status, MoveName], ...] = ()
    reaches: tuple[Status, ...] = ()
    kind: ValueKind = ValueKind.CHASSIS
    papers: Papers | None = None
    refusal: SignatureRefusal | None = None
    number_refusal: str = ""
    debit_refusal: str = ""
    order: Order = Order(fields=("user_name",))
    payment: Payment | None = None

    @property
    def where(self):
        """Every Where in which this value acts, in their order."""
        acts = {
            Where.INTAKE: self.refusal,
            Where.PAPERS: self.papers,
            Where.STAFF: {name for _status, name in self.steps} - _NOT_STAFFS,
            Where.APPLICANT: any(name == _M.WITHDRAW for _status, name in self.steps),
            Where.AGENCY: self.number_refusal,
            Where.BANK: self.payment or self.debit_refusal,
        }
        return [each for each, does in acts.items() if does]

    @property
    def rests(self):
        """``reaches`` in the order of the statuses."""
        return [status for status in Status if status in self.reaches]


_NOT_STAFFS = {_M.SETTLE, _M.WITHDRAW}

_FEES = (_S.FEES_DUE, _S.FEES_IN_BATCH)
_WEIGHT_TAX = (_S.WEIGHT_TAX_DUE, _S.WEIGHT_TAX_IN_BATCH)
_VEHICLE_TAX = (_S.VEHICLE_TAX_DUE, _S.VEHICLE_TAX_IN_BATCH)
# The statuses that no application can come to any more, and the last day of a review that could.
UNTIL = dict.fromkeys(_VEHICLE_TAX, VEHICLE_TAX_LAST_DAY)
_READY = (_S.READY_TO_RETURN, _S.READY_TO_ISSUE)

_ACCEPT = (_S.RECEIVED, _M.ACCEPT)
_CONFIRM = (_S.WITHDRAWING, _M.CONFIRM_WITHDRAWAL)
_ORDER = (_S.IN_REVIEW, _M.ORDER_CORRECTION)
_ORDER_TAX = (_S.TAX_IN_REVIEW, _M.ORDER_CORRECTION)
_WITHDRAW = (_S.AWAITING_CORRECTION, _M.WITHDRAW)
_REJECT = (_S.IN_REVIEW, _M.REJECT)
_PASS, _PASS_TAX = (_S.IN_REVIEW, _M.PASS_REVIEW), (_S.TAX_IN_REVIEW, _M.PASS_TAX)
_HAND_OVER = tuple((status, _M.HAND_OVER) for status in _READY)
_PAY_FEES = tuple((status, _M.SETTLE) for status in _FEES)
_PAY_WEIGHT_TAX = tuple((status, _M.SETTLE) for status in _WEIGHT_TAX)
_PAY_VEHICLE_TAX = tuple((status, _M.SETTLE) for status in _VEHICLE_TAX)

# The ways of those that need nobody at all.
_TO_REVIEW = (_ACCEPT, *_PAY_FEES)
_TO_TAX = (*_TO_REVIEW, _PASS, *_PAY_WEIGHT_TAX)
_TO_READY = (*_TO_TAX, _PASS_TAX, *_PAY_VEHICLE_TAX)
_CORRECTED = (_ACCEPT, _ORDER, _PASS, _PASS_TAX, _CONFIRM)
_ALONE = Payment(takes_number=True)


def _paid(typed, shows, **how):
    """Staff accept it; the number that somebody takes is paid by itself."""
    return Value(typed, shows, (_ACCEPT, _CONFIRM), payment=Payment(**how))


_CHASSIS_NUMBERS = (
    # papers
    Value("TX404-", _("添付書類は届かない"), papers=Papers("withheld")),
    Value("TX202-", _("添付書類は1分遅れて届く"), papers=Papers("late")),
    Value(
        "TX409-",
        _("添付書類は、最後の一文字が違う車台番号で登録されている"),
        papers=Papers("slip"),
    ),
    # staff, while the applicant and the payer are others
    Value("TX100-", _("受付チェックを完了し、納付を待つ"), (_ACCEPT, _CONFIRM), _FEES),
    Value("TX110-", _("受付で検査申請無効にする"), ((_S.RECEIVED, _M.INVALIDATE),), (_S.INVALID,)),
    Value(
        "TX120-",
        _("手数料の納付のあとに使用者の氏名の補正を一度指示し、補正のあとに審査を完了する"),
        _CORRECTED,
    ),
    Value(
        "TX121-",
        _("TX120-と同じで、補正項目は車台番号。補正のあとは、新しい車台番号で決まる"),
        _CORRECTED,
        order=Order(fields=("chassis_number",)),
    ),
    Value(
        "TX122-",
        _("TX120-と同じで、補正項目は郵便番号と住所"),
        _CORRECTED,
        order=Order(fields=("postal_code", "address")),
    ),
    Value(
        "TX123-",
        _("TX120-と同じで、自賠責保険証明書の添付だけを求める"),
        _CORRECTED,
        order=Order(attachments=(AttachmentKind.LIABILITY_INSURANCE,)),
    ),
    Value(
        "TX124-",
        _("TX120-と同じで、補正できる項目と添付書類のすべて"),
        _CORRECTED,
        order=Order(everything=True),
    ),
    Value(
        "TX125-",
        _("TX120-と同じで、補正のあとにもう一度、使用者の氏名の補正を指示する"),
        _CORRECTED,
        order=Order(fields=("user_name",), times=2),
    ),
    Value("TX130-", _("手数料の納付のあとに検査申請却下にする"), (_ACCEPT, _REJECT)),
    Value(
        "TX140-",
        _("添付書類がそろいしだい審査を完了し、交付物の準備を終える"),
        (_ACCEPT, _PASS, _PASS_TAX, _CONFIRM),
    ),
    Value(
        "TX150-",
        _("軽自動車税申告の補正を一度指示する（新車）"),
        (_ACCEPT, _PASS, _ORDER_TAX, _PASS_TAX, _CONFIRM),
    ),
    Value(
        "TX160-",
        _("審査を完了し、交付物を渡すまでを行う"),
        (_ACCEPT, _PASS, _PASS_TAX, *_HAND_OVER, _CONFIRM),
    ),
    # 未受付
    Value(
        "TX300-",
        _("未受付になる（電子証明書が失効している）"),
        reaches=(_S.NOT_ACCEPTED,),
        refusal=SignatureRefusal.REVOKED,
    ),
    # the agency, and debits
    Value(
        "TX402-",
        _("受付のあと、収納機関が納付番号の発行を断る"),
        (_ACCEPT, _CONFIRM),
        number_refusal="agency_refused",
    ),
    Value(
        "TX403-",
        _("受付のあと、ダイレクト納付の引き落としが残高不足でできない"),
        (_ACCEPT, _CONFIRM),
        debit_refusal="insufficient_funds",
    ),
    # each status, by itself
    Value("TX500-", _("だれも処理せず、受付を待つ"), reaches=(_S.RECEIVED,)),
    Value(
        "TX510-",
        _("手数料が納付され、審査を待つ"),
        _TO_REVIEW,
        (_S.IN_REVIEW,),
        payment=_ALONE,
    ),
    Value(
        "TX511-",
        _("手数料が納付され、補正を指示されて補正を待つ"),
        (*_TO_REVIEW, _ORDER),
        (_S.AWAITING_CORRECTION,),
        payment=_ALONE,
    ),
    Value(
        "TX512-",
        _("補正を指示され、申請者が取り下げる"),
        (*_TO_REVIEW, _ORDER, _WITHDRAW),
        (_S.WITHDRAWING,),
        payment=_ALONE,
    ),
    Value(
        "TX513-",
        _("TX512-と同じで、取り下げが確認される"),
        (*_TO_REVIEW, _ORDER, _WITHDRAW, _CONFIRM),
        (_S.WITHDRAWN,),
        payment=_ALONE,
    ),
    Value(
        "TX514-",
        _("手数料が納付され、審査で却下される"),
        (*_TO_REVIEW, _REJECT),
        (_S.REJECTED,),
        payment=_ALONE,
    ),
    Value(
        "TX520-",
        _("審査が完了し、自動車重量税の納付を待つ"),
        (*_TO_REVIEW, _PASS),
        _WEIGHT_TAX,
        payment=_ALONE,
    ),
    Value(
        "TX530-",
        _("自動車重量税まで納付され、軽自動車税申告の審査を待つ（新車）"),
        _TO_TAX,
        (_S.TAX_IN_REVIEW,),
        payment=_ALONE,
    ),
    Value(
        "TX531-",
        _("軽自動車税申告の補正を指示されて補正を待つ（新車）"),
        (*_TO_TAX, _ORDER_TAX),
        (_S.AWAITING_TAX_CORRECTION,),
        payment=_ALONE,
    ),
    Value(
        "TX540-",
        _(
            "軽自動車税（環境性能割）の納付を待つ（新車）。2026年4月1日からの審査では課税されず、"
            "交付準備完了になる"
        ),
        (*_TO_TAX, _PASS_TAX),
        _VEHICLE_TAX,
        payment=_ALONE,
    ),
    Value(
        "TX550-",
        _("すべて納付され、返付または交付の準備を終える"),
        _TO_READY,
        _READY,
        payment=_ALONE,
    ),
    Value(
        "TX560-",
        _("TX550-と同じで、窓口で二次元コードを確認して渡す"),
        (*_TO_READY, *_HAND_OVER),
        (_S.RETURNED, _S.ISSUED),
        payment=_ALONE,
    ),
    # settlements of the number that somebody takes
    _paid("TX600-", _("受付のあと、取得した納付番号がすぐに納付される")),
    _paid("TX601-", _("TX600-と同じで、入金の通知が二度届く"), notice="twice"),
    _paid("TX602-", _("TX600-と同じで、納付番号の取得から2日後に納付される"), nights=2),
    _paid("TX603-", _("納付期限が切れてから納付され、還付の対象になる"), past_due=True),
    _paid(
        "TX604-",
        _("TX600-と同じで、納付された金額が違い、還付の対象になる"),
        notice="wrong_amount",
    ),
    _paid("TX605-", _("TX600-と同じで、入金の通知が届かず、照合で見つかる"), notice="never"),
)


def _not_accepted(kind, typed, shows, refusal):
    return Value(typed, shows, kind=kind, refusal=refusal, reaches=(_S.NOT_ACCEPTED,))


TABLE = (
    *_CHASSIS_NUMBERS,
    _not_accepted(
        ValueKind.NAME,
        "未受付　太郎",
        _("未受付になる（申請者の氏名が電子証明書と一致しない）"),
        SignatureRefusal.NAME,
    ),
    _not_accepted(
        ValueKind.PASSWORD,
        "miuketsuke-2024",
        _("未受付になる（電子証明書の有効期限が切れている）"),
        SignatureRefusal.EXPIRED,
    ),
    *(
        _not_accepted(ValueKind.CERTIFICATE, sample.file, sample.refusal.label, sample.refusal)
        for sample in SAMPLES
        if sample.refusal
    ),
)


def of(chassis_number):
    """The Value that ``chassis_number`` begins with, or None."""
    if not settings.DEMO:
        return None
    return next((each for each in _CHASSIS_NUMBERS if chassis_number.startswith(each.typed)), None)


def refusal_of(chassis_number, name, has_password):
    """Why a signature counts as not valid although it is, or "".

    ``has_password``: says of a word whether it is the application's password; slow on screen, so
    it is asked last.
    """
    if not settings.DEMO:
        return ""
    found = of(chassis_number)
    if found and found.refusal:
        return found.refusal
    plain = "".join(name.split())
    for each in TABLE:
        if each.kind == ValueKind.NAME and plain == "".join(each.typed.split()):
            return each.refusal
        if each.kind == ValueKind.PASSWORD and has_password(each.typed):
            return each.refusal
    return ""


def beginning_with(found, path=""):
    """The condition that a 車台番号 begins with one of the values ``found``.

    ``path``: leads to the application, with its ``__``. Nothing fits outside the demo.
    """
    if not settings.DEMO:
        return Q(pk__in=[])
    fits = Q(pk__in=[])
    for each in found:
        fits |= Q(**{f"{path}chassis_number__startswith": each.typed})
    return fits
