"""The rows of an application, in the order a reader meets them."""

from applications.models.application import Application, Channel, PartialReview, ReceivingMethod
from applications.models.charge import Charge, ChargeKind, PaymentMethod, Rate, WeightClass
from applications.models.draft import Draft
from applications.models.event import ApplicationEvent, ChangeKind, EventFeed
from applications.models.office import CounterDesk, Office, OfficeArea
from applications.models.paper_search import PaperSearch
from applications.models.papers import (
    PAPERS,
    Agency,
    Attachment,
    AttachmentKind,
    AttachmentState,
    Notice,
    NoticeKind,
)
from applications.models.particulars import Particulars
from applications.models.proposal import Proposal, ProposalState
from applications.models.record import HistoryEntry
from applications.models.review import Review
from applications.models.signature import RevocationAnswer, Signature
from applications.models.signature_words import (
    CertificateKind,
    Match,
    Revocation,
    SignatureRefusal,
)
from applications.models.submission import HeldFile, ItemState, Submission, SubmissionItem
from applications.models.upload import Upload

__all__ = [
    "PAPERS",
    "Agency",
    "Application",
    "ApplicationEvent",
    "Attachment",
    "AttachmentKind",
    "AttachmentState",
    "CertificateKind",
    "ChangeKind",
    "Channel",
    "Charge",
    "ChargeKind",
    "CounterDesk",
    "Draft",
    "EventFeed",
    "HeldFile",
    "HistoryEntry",
    "ItemState",
    "Match",
    "Notice",
    "NoticeKind",
    "Office",
    "OfficeArea",
    "PaperSearch",
    "PartialReview",
    "Particulars",
    "PaymentMethod",
    "Proposal",
    "ProposalState",
    "Rate",
    "ReceivingMethod",
    "Review",
    "Revocation",
    "RevocationAnswer",
    "Signature",
    "SignatureRefusal",
    "Submission",
    "SubmissionItem",
    "Upload",
    "WeightClass",
]
