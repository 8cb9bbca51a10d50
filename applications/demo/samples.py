"""What the demo world consists of: one line for every application, in the order of the statuses.

Three or more of each status of each procedure, so that one may be used up. Dates are relative to
the day on which the world is made; only 環境性能割 lies before the last day on which it was owed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from applications.demo.journeys import (
    RECORDING_AGENT,
    due_date_by,
    due_date_from,
    fees_due_by,
    fees_due_from,
)
from applications.demo.offices import KANAGAWA, SAITAMA, TOKYO
from applications.life.charges import VEHICLE_TAX_LAST_DAY
from applications.models import (
    AttachmentKind,
    Channel,
    PartialReview,
    PaymentMethod,
    ReceivingMethod,
    WeightClass,
)
from applications.status import MoveName, Procedure, Status
from payments.demo.payers import BULK_ID
from qrcodes.demo import RECEIVER

# The one receipt number of the manuals that is a possible number.
MANUAL_NUMBER = "21122310500030459"

_BULK = {
    "channel": Channel.BULK,
    "bulk_id": BULK_ID,
    "receiving_method": ReceivingMethod.RECEIVER_CODE,
    "receiver_name": RECEIVER,
    "status_email": "status@gyosei.example",
}
_AGENT = {**RECORDING_AGENT, "recording_agent_allowed": True}
_HYBRID = {"partial_review": PartialReview.TO_DO}
_TOKYO = {"office": TOKYO}
_BOTH = tuple(Procedure)
_DIRECT = PaymentMethod.DIRECT
_C, _N = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE
_S, _M = Status, MoveName


_BEFORE = "納付番号取得前（取り下げできます）"
_MANUAL_SHOWS = (
    "手引の画面と同じ申請、お知らせあり（申請年月日と手数料は手引のとおり、補正指示は最近）"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One application to be made.

    ``journey``: for ``journeys.bring_to``. ``tries_left``: before its password is locked, 0 when it
    is. ``office``: its name; "" where any will do. ``batch``: those with the same word share one
    payment number; ``asked``: the agency has not answered yet. ``withdrawn_today``: the withdrawal
    of that batch was accepted; ``paid_after``: and money came all the same. ``debit``: a debit is
    ordered for the due date. ``carries_over``: from an earlier, withdrawn application of its
    vehicle. ``picked_up``: then fetched by its receiver with a code.
    """

    status: Status
    procedure: Procedure
    shows: str
    journey: dict = field(default_factory=dict)
    announcement: str = ""
    office: str = ""
    tries_left: int | None = None
    batch: str = ""
    asked: bool = False
    withdrawn_today: bool = False
    paid_after: bool = False
    debit: bool = False
    carries_over: bool = False
    picked_up: bool = False


# What to try first: (procedure, what its account shows, what it is good for).
FIRST = (
    (_N, _MANUAL_SHOWS, _("申請状況を見る、補正する、取り下げる")),
    (_C, f"{_BEFORE}、一括申請", _("納付番号を取得する前に取り下げる")),
    (_C, "個別納付、納付番号はまだありません。取り下げはできません", _("手数料を個別に納付する")),
    (
        _C,
        "手引と同じ28,600円のまとめ納付、4件で1つの納付番号（1件目）",
        _("まとめ納付で自動車重量税を納付する"),
    ),
    (_C, "補正期限間近", _("期限の近い補正をする")),
    (_C, "手数料の納付が済み、審査を待つ申請", _("担当者として審査する")),
    (_C, "車両ごとの二次元コードで受け取る申請", _("二次元コードを発行し、窓口で受け取る")),
    (_N, "車両ごとの二次元コードで受け取る申請", _("新車の交付物を窓口で受け取る")),
)


def samples(today: date):
    """All lines for a world made on ``today``."""
    lines = [
        *_intake(),
        *_fees(today),
        *_review(today),
        *_withdrawals(),
        *_endings(),
        *_weight_tax(today),
        *_vehicle_tax(today),
        *_ready(),
        *_over(),
    ]
    places = {status: place for place, status in enumerate(Status)}
    return sorted(lines, key=lambda line: (_BOTH.index(line.procedure), places[line.status]))


def _each(status, shows, procedures=_BOTH, *, sample=None, **journey):
    return [
        Sample(status, procedure, shows, journey, **(sample or {}))
        for procedure in procedures
        if status.occurs_in(procedure)
    ]


def _intake():
    yield from _each(_S.NOT_ACCEPTED, "署名用電子証明書の期限切れで受け付けられなかった申請")
    yield from _each(
        _S.NOT_ACCEPTED,
        "申請データの不備で受け付けられなかった申請",
        reason="車台番号が記入されていません。",
    )
    yield from _each(_S.NOT_ACCEPTED, "一括申請で受け付けられなかった申請", **_BULK)

    yield from _each(_S.RECEIVED, "受け付けたばかりの申請（審査担当が受付チェックを行えます）")
    yield from _each(_S.RECEIVED, "一括申請で受け付けた申請", **_BULK)
    yield from _each(_S.RECEIVED, "まとめ納付を選んだ申請", payment_method=PaymentMethod.BATCH)
    yield from _each(_S.RECEIVED, "一括申請、ダイレクト納付", payment_method=_DIRECT, **_BULK)
    yield from _each(_S.RECEIVED, "記録等事務代行者あり", [_C], **_AGENT)
    yield from _each(_S.RECEIVED, "一部書類審査あり、希望番号あり", [_N], not_needed=(), **_HYBRID)


def _fees(today):
    yield from _each(_S.FEES_DUE, "個別納付、納付番号はまだありません。取り下げはできません")
    yield from _each(_S.FEES_DUE, "個別納付、納付番号取得済み", numbered=True)
    yield from _each(_S.FEES_DUE, "納付期限間近", deadline=fees_due_from(today + timedelta(days=2)))
    yield from _each(
        _S.FEES_DUE, "納付期限の最終日（翌朝に無効になります）", deadline=fees_due_by(today)
    )

    before = _BEFORE
    after = "納付番号取得後（個別の取り下げはできません）"
    yield from _each(_S.FEES_IN_BATCH, before)
    yield from _each(_S.FEES_IN_BATCH, f"{before}、一括申請", **_BULK)
    yield from _each(
        _S.FEES_IN_BATCH,
        f"{before}、納付期限間近",
        deadline=fees_due_from(today + timedelta(days=2)),
    )
    yield from _each(_S.FEES_IN_BATCH, after, numbered=True)
    for number in "12":
        yield from _each(
            _S.FEES_IN_BATCH,
            f"{after}、2件で1つの納付番号（{number}件目）",
            sample={"batch": "two together"},
            payment_method=PaymentMethod.BATCH,
        )
    yield from _each(
        _S.FEES_IN_BATCH,
        "納付番号取得後、まとめ納付の取り下げを受け付け済み（翌朝に無効になります）",
        numbered=True,
        sample={"withdrawn_today": True},
    )
    yield from _each(
        _S.FEES_IN_BATCH,
        f"{after}、取り下げの受付後に入金があり還付を待つ申請（翌朝に無効になります）",
        numbered=True,
        sample={"withdrawn_today": True, "paid_after": True},
    )
    yield from _each(
        _S.FEES_IN_BATCH,
        f"{after}、収納機関に番号を依頼したところ（届くまで番号は「-」）",
        sample={"batch": "asked", "asked": True},
    )
    yield from _each(
        _S.FEES_IN_BATCH,
        f"{before}、軽自動車税種別割の納付が確認できない申請",
        [_C],
        annual_tax_confirmed=False,
    )
    yield from _each(_S.FEES_IN_BATCH, f"{before}、ダイレクト納付", payment_method=_DIRECT)
    yield from _each(
        _S.FEES_IN_BATCH,
        f"{after}、ダイレクト納付の引き落とし予約済み",
        payment_method=_DIRECT,
        sample={"debit": True},
    )


def _review(today):
    yield from _each(_S.IN_REVIEW, "手数料の納付が済み、審査を待つ申請")
    yield from _each(
        _S.IN_REVIEW, "補正を申請したあと、もう一度の審査を待つ申請", through=[_M.SEND_CORRECTION]
    )
    yield from _each(
        _S.IN_REVIEW,
        "取り下げた申請の手数料を引き継いだ再申請（納付状況は「-」）",
        sample={"carries_over": True},
    )
    yield from _each(
        _S.IN_REVIEW, "軽自動車税種別割の納付が確認できない申請", [_C], annual_tax_confirmed=False
    )
    yield from _each(_S.IN_REVIEW, "一部書類審査あり", [_N], **_HYBRID)

    waiting = _S.AWAITING_CORRECTION
    yield from _each(
        waiting,
        _MANUAL_SHOWS,
        [_N],
        sample={"announcement": "希望番号予約済証は不要です。ほかの書類をお確かめください。"},
        receipt_number=MANUAL_NUMBER,
        chassis_number="1234567890",
        applied_on=date(2021, 12, 23),
        days_ago=1,
        fields_to_correct=("chassis_number", "user_name"),
    )
    yield from _each(
        waiting,
        "手引の画面と同じ項目、記録等事務代行者あり（利用不可）",
        [_C],
        chassis_number="AX01-0000001",
        plate="品川 - 580 - さ - 1234",
        **RECORDING_AGENT,
    )
    yield from _each(
        waiting,
        "補正期限間近",
        deadline=today + timedelta(days=2),
        days_ago=4,
        fields_to_correct=("chassis_number",),
    )
    yield from _each(waiting, "補正指示が出たばかり、項目は2つ", fields_to_correct=(
        "applicant_name",
        "user_name",
    ))  # fmt: skip
    yield from _each(
        waiting,
        "添付書類のファイルも求める補正指示",
        fields_to_correct=("user_name",),
        attachments_to_correct=(AttachmentKind.LIABILITY_INSURANCE,),
        reason="自動車損害賠償責任保険証明書の記載が読み取れません。鮮明なものを提出してください。",
    )
    yield from _each(waiting, "一括申請、お知らせあり", sample={
        "announcement": "お問い合わせの件は、窓口で確認を進めています。",
    }, **_BULK)  # fmt: skip
    yield from _each(
        waiting, "補正期限の最終日（翌朝に期限切れ却下になります）", deadline=today, days_ago=6
    )
    yield from _each(waiting, "申請用パスワードのロックまであと1回", [_C], sample={"tries_left": 1})
    yield from _each(waiting, "申請用パスワードがロックされた申請", [_C], sample={"tries_left": 0})


def _withdrawals():
    corrected = {"through": [_M.ORDER_CORRECTION]}
    batch = {"payment_method": PaymentMethod.BATCH}
    for status, doing in (
        (_S.WITHDRAWING, "取り下げの確認を待つ申請"),
        (_S.WITHDRAWN, "取り下げの済んだ申請"),
    ):
        yield from _each(status, f"補正待ちから{doing}", **corrected)
        yield from _each(status, f"まとめ払い中から{doing}", **batch)
        yield from _each(status, f"補正待ちから{doing}、一括申請", **batch, **corrected, **_BULK)


def _endings():
    yield from _each(_S.INVALID, "受付チェックで無効になった申請")
    yield from _each(
        _S.INVALID, "手数料の納付期限が過ぎて無効になった申請", through=[_M.LET_FEES_LAPSE]
    )
    yield from _each(
        _S.INVALID, "まとめ納付の取り下げで無効になった申請", through=[_M.VOID_WITH_BATCH]
    )
    yield from _each(_S.REJECTED, "審査で却下になった申請")
    yield from _each(
        _S.REJECTED, "補正期限が過ぎて却下になった申請", through=[_M.LET_CORRECTION_LAPSE]
    )
    yield from _each(
        _S.REJECTED, "補正のあとの審査で却下になった申請、一括申請",
        through=[_M.SEND_CORRECTION], **_BULK,
    )  # fmt: skip


def _weight_tax(today):
    alone, together = _S.WEIGHT_TAX_DUE, _S.WEIGHT_TAX_IN_BATCH
    yield from _each(alone, "個別納付、検査は終わっています")
    yield from _each(alone, "個別納付、納付番号取得済み", numbered=True)
    yield from _each(alone, "納付期限間近", deadline=due_date_from(today + timedelta(days=2)))
    yield from _each(
        alone, "納付期限を過ぎた申請（無効にはなりません）",
        deadline=due_date_by(today - timedelta(days=10)),
    )  # fmt: skip
    yield from _each(
        alone, "軽自動車税種別割の納付が確認できない申請", [_C], annual_tax_confirmed=False
    )
    yield from _each(together, "まとめ納付、納付番号はまだありません")
    yield from _each(together, "まとめ納付、納付番号取得済み", numbered=True)
    classes = (
        WeightClass.NORMAL,
        WeightClass.NORMAL,
        WeightClass.NORMAL,
        WeightClass.OVER_18_YEARS,
    )
    for number, weight_class in enumerate(classes, start=1):  # together 28,600 yen, as the manual's
        yield from _each(
            together, f"手引と同じ28,600円のまとめ納付、4件で1つの納付番号（{number}件目）", [_C],
            sample={"batch": "of the manual"}, weight_class=weight_class, payer_is_agent=True,
        )  # fmt: skip
    yield from _each(
        together, "ダイレクト納付、13年経過の税率", [_C],
        payment_method=PaymentMethod.DIRECT, weight_class=WeightClass.OVER_13_YEARS,
    )  # fmt: skip
    yield from _each(
        together, "ダイレクト納付、75％軽減の税率", [_N],
        payment_method=PaymentMethod.DIRECT, weight_class=WeightClass.LESS_75,
    )  # fmt: skip


def _vehicle_tax(today):
    reviewing, waiting = _S.TAX_IN_REVIEW, _S.AWAITING_TAX_CORRECTION
    long_ago = max((today - VEHICLE_TAX_LAST_DAY).days, 0) + 8
    yield from _each(
        reviewing, "環境性能割の対象となる日までに検査が終わった申告", days_ago=long_ago
    )
    yield from _each(reviewing, "環境性能割の対象外の申告")
    yield from _each(
        reviewing, "補正のあと、もう一度の審査を待つ申告", through=[_S.AWAITING_TAX_CORRECTION]
    )
    yield from _each(waiting, "申告の補正指示が出たばかり（取り下げはできません）")
    yield from _each(
        waiting, "申告の補正期限間近", deadline=today + timedelta(days=2), days_ago=4,
        fields_to_correct=("owner_name", "owner_name_full"),
    )  # fmt: skip
    yield from _each(
        waiting, "申告の補正期限を過ぎた申請（却下にはなりません）",
        deadline=today - timedelta(days=3), days_ago=9,
    )  # fmt: skip

    alone, together = _S.VEHICLE_TAX_DUE, _S.VEHICLE_TAX_IN_BATCH
    yield from _each(alone, "個別納付")
    yield from _each(alone, "個別納付、納付番号取得済み", numbered=True)
    yield from _each(alone, "納付期限間近", deadline=due_date_from(today + timedelta(days=2)))
    yield from _each(
        alone, "納付期限を過ぎた申請（無効にはなりません）",
        deadline=due_date_by(today - timedelta(days=10)),
    )  # fmt: skip
    yield from _each(together, "まとめ納付、納付番号はまだありません")
    yield from _each(together, "まとめ納付、納付番号取得済み", numbered=True)
    yield from _each(together, "ダイレクト納付", payment_method=PaymentMethod.DIRECT)


def _ready():
    for status in (_S.READY_TO_RETURN, _S.READY_TO_ISSUE):
        yield from _each(status, "車両ごとの二次元コードで受け取る申請", sample=_TOKYO)
        for office in (SAITAMA, KANAGAWA):
            yield from _each(
                status, f"{office}で、登録された受取者がまとめて受け取る一括申請",
                sample={"office": office}, **_BULK,
            )  # fmt: skip
        for number in "23":
            yield from _each(
                status, f"車両ごとの二次元コードで受け取る申請（{number}件目）", sample=_TOKYO
            )
        for number in "123":
            yield from _each(
                status, f"登録された受取者がまとめて受け取る一括申請（{number}件目）",
                sample=_TOKYO, **_BULK,
            )  # fmt: skip
        yield from _each(
            status, "重量税がかからない申請（納付状況は「-」）", sample=_TOKYO,
            weight_class=WeightClass.EXEMPT,
        )  # fmt: skip
    yield from _each(
        _S.READY_TO_RETURN, "記録等事務代行者が返付できる申請", sample=_TOKYO, **_AGENT
    )
    yield from _each(
        _S.READY_TO_RETURN, "軽自動車税種別割の納付を窓口で示す申請", sample=_TOKYO,
        annual_tax_confirmed=False,
    )  # fmt: skip
    yield from _each(
        _S.READY_TO_RETURN,
        "登録された受取者がまとめて受け取り、軽自動車税種別割の納付を窓口で示す一括申請",
        sample=_TOKYO,
        annual_tax_confirmed=False,
        **_BULK,
    )
    yield from _each(
        _S.READY_TO_ISSUE, "環境性能割の納付が済んだ申請", sample=_TOKYO,
        through=[_S.VEHICLE_TAX_DUE],
    )  # fmt: skip


def _over():
    for status in (_S.RETURNED, _S.ISSUED):
        yield from _each(status, "窓口で受け取りの済んだ申請")
        yield from _each(status, "窓口で受け取りの済んだ一括申請", **_BULK)
    for status in (_S.READY_TO_RETURN, _S.READY_TO_ISSUE):
        yield from _each(
            status, "登録された受取者が二次元コードで受け取った一括申請",
            sample={"picked_up": True} | _TOKYO, days_ago=9, **_BULK,
        )  # fmt: skip
    yield from _each(
        _S.RETURNED, "記録等事務代行者による返付が記録された申請",
        through=[_M.RECORD_RETURN], **_AGENT,
    )  # fmt: skip
    yield from _each(
        _S.ISSUED, "環境性能割を納付し、受け取りの済んだ申請", through=[_S.VEHICLE_TAX_DUE]
    )
