"""The fields that a correction order can open: one table for staff, applicants and every version.

A field is a column of ``Application``, or of ``Particulars`` where the application was made with
them. Its value is what JSON can hold: text, or the key of an office.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from applications.models import Application, Particulars, ReceivingMethod
from applications.status import Procedure
from koss.ground.joining import dotted

_C, _N = Procedure.CONTINUED_INSPECTION, Procedure.NEW_VEHICLE


def _always(application):
    return True


def _weight_tax_is_open(application):
    return application.reviewed_on is None


def _receiver_is_named(application):
    return application.receiving_method == ReceivingMethod.RECEIVER_CODE


def _agent_is_named(application):
    return application.has_recording_agent


@dataclass(frozen=True, slots=True)
class Item:
    """What staff choose as one. ``fields``: opened together, since one is checked by the other.

    ``when``: asked with the application; where it says no, ``why_not`` tells staff.
    """

    fields: tuple[str, ...]
    procedures: tuple[Procedure, ...] = (_C, _N)
    when: Callable = _always
    why_not: str = ""

    @property
    def key(self):
        return self.fields[0]

    @property
    def label(self):
        return dotted(label(name) for name in self.fields)


ITEMS = (
    Item(("plate",), (_C,)),
    Item(("vehicle_use", "plate"), (_C,)),
    Item(("vehicle_use",), (_N,)),
    Item(("chassis_number",)),
    Item(("type_designation",), (_N,)),
    Item(("category_number",), (_N,)),
    Item(("insurance_number",)),
    Item(("certificate_number",), (_C,)),
    Item(("completion_number",), (_N,)),
    Item(("reservation_number",), (_N,)),
    Item(("applicant_kind",)),
    Item(("applicant_name",)),
    Item(("user_name",)),
    Item(("user_name_full",), (_N,)),
    Item(("owner_name",), (_N,)),
    Item(("owner_name_full",), (_N,)),
    Item(("postal_code", "address")),
    Item(("address_file",), (_N,)),
    Item(("base_address",)),
    Item(("office",)),
    Item(
        ("weight_class",),
        when=_weight_tax_is_open,
        why_not=_("自動車重量税はすでに決まっています。"),
    ),
    Item(
        ("receiver_name",),
        when=_receiver_is_named,
        why_not=_("受取者（証明書等管理業者）が受け取る申請ではありません。"),
    ),
    Item(
        ("recording_agent_number", "recording_agent_name"),
        (_C,),
        when=_agent_is_named,
        why_not=_("記録等事務代行者に頼む申請ではありません。"),
    ),
)

# What no order opens: (fields, procedures, why). Staff read it where they choose.
_CLOSED = (
    (
        ("procedure",),
        (_C, _N),
        _("違うときは、却下するか、取り下げのあとに申請し直してもらいます。"),
    ),
    (("plate",), (_N,), _("審査を完了するときに、職員が入力します。")),
    (("password", "email"), (_C, _N), _("申請したあとは変えられません。")),
    (("payment_method", "payer"), (_C, _N), _("手数料の納付がすでに済んでいます。")),
    (("earlier",), (_C, _N), _("手数料を引き継ぐかどうかは、受付のときに決まっています。")),
    (
        ("receiving_method",),
        (_C, _N),
        _("申請者が車両ごとの二次元コードを発行すると変わります。"),
    ),
)
_OF_APPLICATION = {field.name for field in Application._meta.fields}


def items_of(application):
    """The items that an order to ``application`` as it stands can open, in order."""
    return [each for each in _items_known(application) if each.when(application)]


def names_of(application):
    """The names of all fields that could ever be corrected in such an application, in order."""
    return list(dict.fromkeys(name for item in _items_known(application) for name in item.fields))


def open_names(application):
    """The names of the fields that an order to ``application`` as it stands can open."""
    return {name for item in items_of(application) for name in item.fields}


def closed_to(application):
    """Pairs (labels, why) of what an order to ``application`` cannot open."""
    procedure = application.procedure
    pairs = [
        (dotted(label(name) for name in names), why)
        for names, procedures, why in _CLOSED
        if procedure in procedures
    ]
    return pairs + [
        (item.label, item.why_not)
        for item in _items_known(application)
        if not item.when(application)
    ]


def label(name):
    """The official name of a field."""
    return _column(name).verbose_name


def value_of(application, name):
    """What stands in the field ``name``."""
    return getattr(_row_of(application, name), _column(name).attname)


def put(application, values):
    """Set ``values`` (name → value) on ``application`` and its particulars. Saves nothing."""
    for name, value in values.items():
        setattr(_row_of(application, name), _column(name).attname, value)


def save(application, names):
    """Write the fields ``names``. Only inside the transaction of a move."""
    own = [name for name in names if name in _OF_APPLICATION]
    if own:
        application.save(update_fields=own)
    if others := [name for name in names if name not in _OF_APPLICATION]:
        application.particulars.save(update_fields=others)


def _items_known(application):
    """Without what an application that was made without particulars does not have."""
    has_particulars = getattr(application, "particulars", None) is not None
    return [
        item
        for item in ITEMS
        if application.procedure in item.procedures
        and (has_particulars or _OF_APPLICATION.issuperset(item.fields))
    ]


def _row_of(application, name):
    return application if name in _OF_APPLICATION else application.particulars


def _column(name):
    model = Application if name in _OF_APPLICATION else Particulars
    return model._meta.get_field(name)
