"""Reading one row of a set: the forms of 申請を行う judge it, step by step.

A row is flat, its names are those of docs/api.md. What a form says becomes a RowFault: where in the
row, a code, and a sentence in two languages.
"""

import re
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.apply import journey
from applications.apply.forms.account import BeginForm
from applications.apply.forms.by_step import FORMS
from applications.models import PAPERS, AttachmentKind, Office, Upload
from applications.status import Procedure
from applications.uploads.keeping import TOGETHER
from koss.bulk import english
from koss.ground import signs

# 整理番号: it names files too.
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
# Beside what the steps ask.
_HEAD = ("reference", "procedure", "password", "email", "attachments", "signature")
_YES = ("electronic", "unchanged", "no_papers")
# Step → its field → the name in the row, where it is another.
_NAMES = {
    "owner": {"same": "owner_name"},
    "base": {"same": "base_address"},
    "office": {"prefecture": "office"},
    "earlier": {"has_earlier": "earlier"},
    "payment": {"method": "payment_method"},
    "receiving": {"way": "receiving"},
    "agent": dict.fromkeys(_YES, "recording_agent_conditions"),
    "proof": {"file": "address_file"},
    "chassis": {"sure": "chassis_number_confirmed"},
}
_NO_FORM = ("files", "batch_file")


@dataclass(frozen=True, slots=True)
class RowFault:
    """``path``: steps into the row. ``detail``: in Japanese."""

    path: tuple
    code: str
    detail: str
    detail_en: str


@dataclass
class BulkRow:
    """A row as it was understood. ``uploads``: unsaved, in the order of the row."""

    procedure: str = ""
    answers: dict = field(default_factory=dict)
    uploads: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def read(typed, *, payer, files):
    """The BulkRow that ``typed`` (a dict with the names of docs/api.md) means, with all its faults.

    ``payer``: 納付利用者ID of the sender. ``files``: digest → HeldFile of the sender.
    """
    row = BulkRow(procedure=typed.get("procedure", ""))
    begin = BeginForm(
        {**_plain(typed, ("procedure", "password", "email")), "again": typed.get("password", "")}
    )
    # Nobody types it twice here: one fault for one that is missing.
    begin.fields["again"].required = False
    if not begin.is_valid():
        _note(row, "", begin, ("procedure", "password", "email"))
    if row.procedure not in Procedure.values:
        return row
    row.answers["contact"] = {"email": begin.cleaned_data.get("email", "")}
    if not REFERENCE.fullmatch(typed.get("reference", "")):
        row.faults.append(_fault(("reference",), "invalid", english.NOT_A_REFERENCE))
    asked = set(_HEAD)
    done = set()
    # Which steps apply depends on the answers before them.
    while step := _next(row, done):
        done.add(step.name)
        asked |= set(_answer(row, step, typed, payer))
    for name in sorted(set(typed) - asked):
        if typed[name]:
            row.faults.append(_fault((name,), "not_applicable", english.NOT_APPLICABLE))
    _read_files(row, typed.get("attachments") or [], files)
    return row


def _next(row, done):
    return next(
        (step for step in journey.steps_of(row.procedure, row.answers) if step.name not in done),
        None,
    )


def _answer(row, step, typed, payer):
    """Answer ``step`` from the row; returns the names in the row that it asked for."""
    if step.name == "files":
        row.answers["files"] = {"looked": "yes"}
        return ()
    if step.name == "batch_file":
        row.answers["batch_file"] = {"payer": payer}
        return ()
    data, names = _data_of(step.name, typed)
    if step.name == "office" and not data:
        row.faults.append(_fault(names, "invalid_choice", english.NO_SUCH_OFFICE))
        return names
    files = {}
    if step.name == "proof" and typed.get("address_file"):
        files["file"] = SimpleUploadedFile("a.json", typed["address_file"].encode())
    more = {"prefecture": data.get("prefecture", "")} if step.name == "office" else {}
    form = FORMS[step.name](
        data, files or None, procedure=row.procedure, answers=row.answers, **more
    )
    if form.is_valid():
        row.answers[step.name] = form.values()
    else:
        _note(row, step.name, form, names)
    return names


def _data_of(step, typed):
    """(what the form of ``step`` gets, the names in the row that this is)."""
    special = _SPECIAL.get(step)
    if special:
        return special(typed)
    known = _NAMES.get(step, {})
    names = [known.get(name, name) for name in FORMS[step].base_fields]
    data = {name: typed.get(known.get(name, name), "") for name in FORMS[step].base_fields}
    return data, names


def _chassis(typed):
    sure = "on" if typed.get("chassis_number_confirmed") else ""
    data = {"chassis_number": typed.get("chassis_number", ""), "sure": sure}
    return data, ("chassis_number", "chassis_number_confirmed")


def _owner(typed):
    names = ("owner_name", "owner_name_full")
    data = _plain(typed, names)
    return data | {"same": "no" if any(data.values()) else "yes"}, names


def _base(typed):
    base = typed.get("base_address", "")
    return {"same": "no" if base else "yes", "base_address": base}, ("base_address",)


def _office(typed):
    name = typed.get("office", "")
    office = signs.is_text(name) and Office.objects.filter(name=name).first()
    data = {"prefecture": office.prefecture, "office": str(office.pk)} if office else {}
    return data, ("office",)


def _earlier(typed):
    earlier = typed.get("earlier", "")
    return {"has_earlier": "yes" if earlier else "no", "earlier": earlier}, ("earlier",)


def _agent(typed):
    names = ("recording_agent_number", "recording_agent_name")
    agrees = "yes" if typed.get("recording_agent_conditions") else "no"
    return _plain(typed, names) | dict.fromkeys(_YES, agrees), (
        *names,
        "recording_agent_conditions",
    )


_SPECIAL = {
    "chassis": _chassis,
    "owner": _owner,
    "base": _base,
    "office": _office,
    "earlier": _earlier,
    "agent": _agent,
}


def _plain(typed, names):
    return {name: typed.get(name, "") for name in names}


def _note(row, step, form, names):
    """What ``form`` says, once for each name and sentence."""
    known = _NAMES.get(step, {})
    for name, errors in form.errors.as_data().items():
        name = known.get(name, name if name in names else names[0])
        for error in errors:
            for japanese, in_english in english.both(error):
                fault = RowFault((name,), error.code or "invalid", japanese, in_english)
                if fault not in row.faults:
                    row.faults.append(fault)


def _read_files(row, named, files):
    papers = PAPERS[Procedure(row.procedure)]
    for place, each in enumerate(named):
        path = ("attachments", place)
        held = files.get(each.get("digest", ""))
        if each.get("kind") not in papers:
            row.faults.append(_fault((*path, "kind"), "invalid_choice", english.NO_SUCH_PAPER))
        elif held is None:
            row.faults.append(_fault((*path, "digest"), "unknown_file", english.NO_SUCH_FILE))
        else:
            row.uploads.append(
                Upload(
                    kind=AttachmentKind(each["kind"]),
                    name=held.name,
                    media_type=held.media_type,
                    size=held.size,
                    digest=held.digest,
                )
            )
    if sum(upload.size for upload in row.uploads) > TOGETHER:
        row.faults.append(_fault(("attachments",), "together", english.TOO_MUCH))


def _fault(path, code, sentences):
    japanese, in_english = sentences
    return RowFault(path, code, str(japanese), in_english)
