"""The shapes of what is sent, and of how it went."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from applications.models import AttachmentKind, ItemState, PaymentMethod, WeightClass
from applications.models.particulars import ApplicantKind, VehicleUse
from applications.status import Procedure
from koss.api.shapes import (
    Coded,
    Count,
    Linked,
    NumberKindWord,
    Place,
    ReceiptNumber,
    StatusWord,
)
from koss.bulk.sets import AT_MOST

# What one check looks at, signatures and all, while somebody waits.
AT_MOST_CHECKED = 50
SendNumber = Annotated[str, Field(pattern=r"^[0-9]{18}$")]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="整理番号")]
NumberReference = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def text(longest=200, **more):
    """Text that its own reader judges: what it cannot be is a fault of the row."""
    return Field("", max_length=longest, **more)


class Sent(Schema):
    """What is sent: a name that is not here is refused."""

    model_config = ConfigDict(extra="forbid")


class NamedFile(Sent):
    """A file that was sent before, by its digest."""

    kind: AttachmentKind
    digest: Digest


class RowIn(Sent):
    """One application. What its procedure or its choices do not use is left out or empty.

    `signature`: CMS, detached, DER, in base64, over the bytes that `check` gives.
    """

    reference: Reference
    procedure: Procedure
    password: str = text(128)
    email: str = text(254)
    plate: str = text(description="車両番号（継続検査）")
    vehicle_use: VehicleUse | None = None
    chassis_number: str = text()
    chassis_number_confirmed: bool = Field(False, description="紛らわしい英字が正しいとき")
    type_designation: str = text(description="型式指定番号（新車）")
    category_number: str = text(description="類別区分番号（新車）")
    insurance_number: str = text()
    certificate_number: str = text()
    completion_number: str = text()
    reservation_number: str = text()
    applicant_kind: ApplicantKind | None = None
    applicant_name: str = text()
    user_name: str = text()
    user_name_full: str = text()
    owner_name: str = text(description="新車。使用者と同じときは空")
    owner_name_full: str = text()
    postal_code: str = text()
    address: str = text(300)
    base_address: str = text(300, description="使用の本拠の位置。使用者の住所と同じときは空")
    office: str = text(description="申請先の事務所等の名前")
    weight_class: WeightClass | None = None
    earlier: str = text(description="手数料を引き継ぐ、以前の受付番号")
    payment_method: PaymentMethod | None = Field(
        None, description="まとめる方はこのキーの納付利用者"
    )
    receiving: str = text(description="vehicle、receiver、agent のどれか")
    receiver_name: str = text()
    recording_agent_number: str = text()
    recording_agent_name: str = text()
    recording_agent_conditions: bool = Field(
        False, description="電子車検証であり、変更がなく、書面がいらない"
    )
    address_file: str = text(20_000, description="使用者の住所証明ファイルの中身（新車）")
    attachments: list[NamedFile] = Field([], max_length=20)
    signature: str = text(30_000)

    def as_row(self):
        """As ``koss.bulk.rows`` reads it: plain values, without what was left out."""
        given = self.model_dump(mode="json", exclude_none=True)
        return {name: value for name, value in given.items() if value not in ("", [], False)}


class SetIn(Sent):
    applications: list[RowIn] = Field(min_length=1, max_length=AT_MOST)


class CheckIn(Sent):
    applications: list[RowIn] = Field(min_length=1, max_length=AT_MOST_CHECKED)


class RowFaultOut(Schema):
    """`pointer`: into the body that was sent."""

    pointer: str
    code: str
    detail: str
    detail_en: str


class CheckedRow(Schema):
    """`content`: what is to be signed, as UTF-8 text whose bytes are signed as they are."""

    place: int
    reference: str
    ok: bool
    errors: list[RowFaultOut]
    content: str | None
    content_sha256: str | None


class Checked(Schema):
    ok: bool
    applications: list[CheckedRow]


class ItemCounts(Schema):
    waiting: int
    taken_in: int
    not_accepted: int
    faulty: int


class SubmissionOut(Linked):
    """One set. It is done once `finished_at` stands there."""

    send_number: SendNumber
    total: int
    counts: ItemCounts
    received_at: datetime
    finished_at: datetime | None


class SubmissionList(Linked):
    items: list[SubmissionOut]
    has_more: bool


class ItemStateWord(Coded):
    code: ItemState


class ItemOut(Linked):
    """One row of a set. `reason`: why it was not accepted; `errors`: what to mend and send anew."""

    place: int
    reference: str
    state: ItemStateWord
    receipt_number: ReceiptNumber | None
    reason: str
    errors: list[RowFaultOut]


class ItemList(Linked):
    items: list[ItemOut]
    has_more: bool


class PageQuery(Schema):
    after: Place | None = Field(None, description="この行のあとから")
    limit: Count = Field(100, ge=1, le=500)


class SetQuery(Schema):
    page: str | None = Field(None, pattern=r"^[0-9]{1,18}$", description="_links.next から")
    limit: Count = Field(50, ge=1, le=100)


class FileQuery(Schema):
    name: str = Field("file", max_length=100, description="ファイル名")


class FileOut(Schema):
    """`digest`: of what is kept. A picture is written anew on the way in, so use this one."""

    digest: Digest
    name: str
    media_type: str
    size: int


class Moved(Linked):
    receipt_number: ReceiptNumber
    status: StatusWord


class NumbersIn(Sent):
    receipt_numbers: list[ReceiptNumber] = Field(min_length=1, max_length=1000)


class NumberOut(Linked):
    """One 納付番号. The numbers are empty until the collecting agency answers."""

    reference: str
    kind: NumberKindWord
    state: Coded
    amount: int
    count: int
    due_on: date
    agency_number: str
    payment_number: str
    confirmation_number: str


class NumberList(Schema):
    items: list[NumberOut]
