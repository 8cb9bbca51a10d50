"""Playing staff in the sandbox: the forms of the admin, and the one table of moves."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.admin.forms import MoveForm
from applications.demo.journeys import second_of
from applications.life import charges, moves
from applications.life.asking import Ask, asked_of
from applications.life.table import TABLE
from applications.models import Application
from applications.status import Actor, MoveName, Status
from koss.api.problems import Fault, Problem
from koss.bulk import english
from koss.demo import world
from koss.ground import clock, request_keys
from qrcodes import demo as receivers

_STAFF = (Actor.REVIEWER, Actor.TAX_OFFICE, Actor.COUNTER)
# What the form calls what a program sends under a shorter name.
_OF_FORM = {"fields": "fields_to_correct", "attachments": "attachments_to_correct"}
_OF_BODY = {name: sent for sent, name in _OF_FORM.items()}
_ASKS = {
    Ask.REASON: ["reason"],
    Ask.DEADLINE: ["deadline"],
    Ask.FIELDS: ["fields", "attachments"],
    Ask.PLATE: ["plate"],
    Ask.PRICE: ["acquisition_price", "vehicle_tax_rate"],
}


def find(receipt_number):
    """The application of this number, also of another sender, or Problem."""
    found = Application.objects.select_related("office").filter(receipt_number=receipt_number)
    application = found.first()
    if application is None:
        raise Problem("not_found")
    return application


def open_to_staff(application, *, now):
    """(line of the table, the names of what it asks) of each move that staff can make now."""
    lines = [
        line for actor in _STAFF for line in moves.open_moves(application, actor=actor, now=now)
    ]
    # One move may stand in several lines: which of them is open depends on what is answered.
    first = {line.name: line for line in reversed(lines)}
    return [(line, _asked(line, application)) for line in reversed(first.values())]


def move(application, said):
    """Make the move that ``said`` (MoveIn) names, as the staff whose move it is.

    Returns the history entry. Raises Problem: what is missing or wrong, or not open now.
    """
    now = clock.now()
    line = _line(application, said.move)
    form = MoveForm(_typed(said), name=said.move, move=line, application=application, now=now)
    if not form.is_valid():
        raise Problem("invalid", faults=list(_faults(form)))
    version = application.version if said.version is None else said.version
    by = world.on_duty(line.by, application.office)
    if said.move == MoveName.HAND_OVER:
        return _hand_over(application, version, by, now)
    try:
        return moves.perform(
            said.move,
            application,
            actor=line.by,
            now=now,
            by=by,
            seconded_by=second_of(by),
            inputs=form.inputs(),
            request_key=moves.RequestKey(version, request_keys.fresh()),
        )
    except (moves.MoveRefused, charges.NoRate) as refused:
        raise _not_open(application) from refused


@transaction.atomic
def _hand_over(application, version, clerk, now):
    """As the counter does it, with a code: that writes the Pickup too."""
    locked = moves.lock(application)
    if locked.version != version or receivers.fetch(locked, by=clerk, now=now) is None:
        raise _not_open(application)
    return locked.history.select_related("application").latest("version")


def _line(application, name):
    """The first line of the table for this move from where ``application`` stands."""
    for line in TABLE:
        if line.name == name and line.by in _STAFF and line.source == application.status:
            return line
    raise _not_open(application)


def _asked(line, application):
    questions = asked_of(line, application)
    return [name for question in Ask if question in questions for name in _ASKS.get(question, [])]


def _typed(said):
    """``said`` as a browser would send it."""
    values = said.model_dump(mode="json", exclude={"move", "version"}, exclude_none=True)
    typed = {_OF_FORM.get(name, name): value for name, value in values.items()}
    typed = {name: value for name, value in typed.items() if value not in ("", [], False)}
    if "acquisition_price" in typed:
        typed["acquisition_price"] = str(typed["acquisition_price"])
    return _Typed(typed)


class _Typed(dict):
    """A dict with the lists that a form asks for."""

    def getlist(self, name):
        return self.get(name, [])


def _faults(form):
    for name, errors in form.errors.as_data().items():
        pointer = "#" if name == "__all__" else f"#/{_OF_BODY.get(name, name)}"
        for error in errors:
            for japanese, in_english in english.both(error):
                yield Fault(error.code or "invalid", japanese, in_english, pointer)


def _not_open(application):
    current = Application.objects.only("status", "version").get(pk=application.pk)
    label = Status(current.status).label
    return Problem(
        "conflict",
        _("いまの申請状況は「%(status)s」（version %(version)s）で、この処理はできません。")
        % {"status": label, "version": current.version},
        f"Not open: the application stands at {current.status}, version {current.version}.",
    )
