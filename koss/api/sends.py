"""Sending: sets of applications, their files, and how it went with each row."""

from hashlib import sha256

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime
from ninja import Path, Query
from ninja.responses import Status

from applications.models import ItemState, Submission
from applications.uploads import keeping
from applications.uploads.refusals import FileRefused
from koss.api import faults, lists, sent, showing
from koss.api.bearer import READ, SUBMIT, SUBMIT_ONCE
from koss.api.once import once
from koss.api.problems import Fault, Problem
from koss.api.routing import router
from koss.bulk import sets
from koss.ground import clock

_TAGS = ["申請"]
FILE_TYPES = ("application/pdf", "image/jpeg", "image/png")
_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILE_TYPES
        },
    }
}
_REPORTED = (ItemState.FAULTY, ItemState.NOT_ACCEPTED)


@router.post(
    "/applications",
    response={202: sent.SubmissionOut},
    auth=SUBMIT_ONCE,
    by_alias=True,
    tags=_TAGS,
    url_name="applications",
    operation_id="send_applications",
    summary="申請を送る（1件から1,000件）",
)
@once(202, sent.SubmissionOut)
def send_applications(request, body: sent.SetIn):
    """Taken down at once, worked on afterwards: poll the set, and read its report."""
    typed = [row.as_row() for row in body.applications]
    submission = sets.receive(request.auth.user, typed, now=clock.now())
    return _submission(submission)


@router.post(
    "/applications/check",
    response=sent.Checked,
    auth=SUBMIT,
    by_alias=True,
    tags=_TAGS,
    url_name="check",
    operation_id="check_applications",
    summary="申請を確かめる（何も残さない）",
)
def check_applications(request, body: sent.CheckIn):
    """What sending would find, row by row, and what is to be signed."""
    typed = [row.as_row() for row in body.applications]
    found = sets.look_at(request.auth.user, typed, now=clock.now())
    checked = [
        {
            "place": place,
            "reference": row["reference"],
            "ok": not wrong,
            "errors": [_fault(place, fault.path, fault) for fault in wrong],
            "content": content.decode() or None,
            "content_sha256": sha256(content).hexdigest() if content else None,
        }
        for place, (row, (wrong, content)) in enumerate(zip(typed, found, strict=True))
    ]
    return {"ok": all(each["ok"] for each in checked), "applications": checked}


@router.post(
    "/attachments",
    response={201: sent.FileOut},
    auth=SUBMIT,
    tags=_TAGS,
    url_name="attachments",
    operation_id="send_attachment",
    summary="添付ファイルを預ける",
    openapi_extra=_FILE_BODY,
)
def send_attachment(request, query: Query[sent.FileQuery]):
    """The body is the file itself. Applications name it by the digest of the answer."""
    file = SimpleUploadedFile(query.name or "file", request.body)
    try:
        held = keeping.hold(request.auth.user.bulk_id, file, now=clock.now())
    except FileRefused as refused:
        fault = Fault(
            f"file_{refused.fault}", str(refused.fault.label), f"Refused: {refused.fault}.", "#"
        )
        raise Problem("invalid", faults=[fault]) from refused
    said = {name: getattr(held, name) for name in ("digest", "name", "media_type", "size")}
    return Status(201, said)


@router.get(
    "/submissions",
    response=sent.SubmissionList,
    auth=READ,
    by_alias=True,
    tags=_TAGS,
    url_name="submissions",
    operation_id="list_submissions",
    summary="送信の一覧",
)
def list_submissions(request, query: Query[sent.SetQuery]):
    """Sets, the newest first."""
    rows = Submission.objects.filter(bulk_id=request.auth.user.bulk_id)
    if query.page:
        rows = rows.filter(pk__lt=int(query.page))
    found, more = lists.first(rows.order_by("-pk")[: query.limit + 1], query.limit)
    again = {"page": found[-1].pk if found else "", "limit": query.limit}
    return lists.page(map(_submission, found), more, again, "submissions")


@router.get(
    "/submissions/{send_number}",
    response=sent.SubmissionOut,
    auth=READ,
    by_alias=True,
    tags=_TAGS,
    url_name="submission",
    operation_id="read_submission",
    summary="送信の進み具合",
)
def read_submission(request, send_number: Path[sent.SendNumber]):
    """How many rows of a set are done, and how."""
    return _submission(_own(request, send_number))


@router.get(
    "/submissions/{send_number}/items",
    response=sent.ItemList,
    auth=READ,
    by_alias=True,
    tags=_TAGS,
    url_name="items",
    operation_id="list_items",
    summary="送信の行ごとの結果",
)
def list_items(request, send_number: Path[sent.SendNumber], query: Query[sent.PageQuery]):
    """Every row of a set with its receipt number, its reason or what to mend."""
    submission = _own(request, send_number)
    return _items("items", submission, submission.items.all(), query)


@router.get(
    "/submissions/{send_number}/report",
    response=sent.ItemList,
    auth=READ,
    by_alias=True,
    tags=_TAGS,
    url_name="report",
    operation_id="read_report",
    summary="送信の誤りの報告",
)
def read_report(request, send_number: Path[sent.SendNumber], query: Query[sent.PageQuery]):
    """Only the rows that came to nothing, each with the place of what is wrong."""
    submission = _own(request, send_number)
    return _items("report", submission, submission.items.filter(state__in=_REPORTED), query)


def _own(request, send_number):
    found = Submission.objects.filter(number=send_number, bulk_id=request.auth.user.bulk_id).first()
    if found is None:
        raise Problem("not_found")
    return found


def _submission(submission):
    number = submission.number
    finished = submission.finished_at
    return {
        "send_number": number,
        "total": submission.total,
        "counts": {str(state): count for state, count in sets.counts(submission).items()},
        "received_at": localtime(submission.received_at),
        "finished_at": finished and localtime(finished),
        "_links": {
            "self": showing.link("submission", number),
            "items": showing.link("items", number),
            "report": showing.link("report", number),
            "list": showing.link("applications", query=f"?set={number}"),
        },
    }


def _items(name, submission, rows, query):
    if query.after is not None:
        rows = rows.filter(place__gt=query.after)
    rows = rows.select_related("application").order_by("place")
    rows = rows.prefetch_related("application__history")[: query.limit + 1]
    found, more = lists.first(rows, query.limit)
    again = {"after": found[-1].place if found else "", "limit": query.limit}
    return lists.page(map(_item, found), more, again, name, submission.number)


def _item(item):
    application = item.application
    reason = ""
    if item.state == ItemState.NOT_ACCEPTED:
        reason = str(application.history.all()[0].reason_in_words)
    number = application and application.receipt_number
    return {
        "place": item.place,
        "reference": item.reference,
        "state": {"code": item.state, "label": str(item.get_state_display())},
        "receipt_number": number,
        "reason": reason,
        "errors": [_fault(item.place, fault["path"], _Kept(fault)) for fault in item.faults],
        "_links": {"application": showing.link("application", number)} if number else {},
    }


class _Kept:
    """A fault as it was written down, with the names of a RowFault."""

    def __init__(self, written):
        vars(self).update(written)


def _fault(place, path, fault):
    return {
        "pointer": faults.pointer("applications", place, *path),
        "code": fault.code,
        "detail": fault.detail,
        "detail_en": fault.detail_en,
    }
