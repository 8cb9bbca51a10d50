"""Applications in the staff's site: the list, the page, the moves, and the tables behind them."""

from applications.admin import desk as desk  # the import registers the first page
from applications.admin.application import ApplicationAdmin
from applications.admin.drafts import DraftAdmin
from applications.admin.events import (
    ApplicationEventAdmin,
    EventFeedAdmin,
    HeldFileAdmin,
    SubmissionAdmin,
    SubmissionItemAdmin,
)
from applications.admin.papers import (
    AttachmentAdmin,
    ChargeAdmin,
    HistoryAdmin,
    NoticeAdmin,
    PaperSearchAdmin,
    ParticularsAdmin,
    ProposalAdmin,
    ReviewAdmin,
)
from applications.admin.signatures import RevocationAnswerAdmin, SignatureAdmin
from applications.admin.tables import CounterDeskAdmin, OfficeAdmin, OfficeAreaAdmin, RateAdmin
from applications.admin.uploads import UploadAdmin

__all__ = [
    "ApplicationAdmin",
    "ApplicationEventAdmin",
    "AttachmentAdmin",
    "ChargeAdmin",
    "CounterDeskAdmin",
    "DraftAdmin",
    "EventFeedAdmin",
    "HeldFileAdmin",
    "HistoryAdmin",
    "NoticeAdmin",
    "OfficeAdmin",
    "OfficeAreaAdmin",
    "PaperSearchAdmin",
    "ParticularsAdmin",
    "ProposalAdmin",
    "RateAdmin",
    "ReviewAdmin",
    "RevocationAnswerAdmin",
    "SignatureAdmin",
    "SubmissionAdmin",
    "SubmissionItemAdmin",
    "UploadAdmin",
]
