"""What a 自動車検査証 of a light vehicle says, from its two-dimensional codes or the viewer's file.

The codes: fields between ``/``, beginning with ``K`` and two digits, of which the first says which
code it is (2: vehicle, 3: type and dates) and the second its version. Some readers hand out ``K``
as a field of its own. The file: JSON (``CertInfo``) or CSV of the 車検証閲覧アプリ.
"""

import csv
import io
import json
import re
import unicodedata

from applications.intake.plates import NotAPlate, read_plate, use_of
from applications.models.particulars import VehicleUse
from koss.ground import signs

LARGEST = 64 * 1024
_LONGEST = 300
# Its place among the fields of the third code, after the two that say what it is.
_FIRST_INSPECTION = 3
# Two digits of a year below this are of the 21st century.
_CENTURY_TURNS = 60
_CODE = re.compile(r"K/?(2[2-9]|3[1-9])/(.*?)(?=K/?(?:2[2-9]|3[1-9])/|$)", re.DOTALL)
# What the certificate prints where the user is the owner, or lives at the owner's address.
_AS_OWNER = re.compile(r"[*＊]{1,3}|.*に同じ")
_USES = (("自家", VehicleUse.PRIVATE), ("事業", VehicleUse.BUSINESS))


class NotACertificate(ValueError):
    """Nothing in it could be understood as a 自動車検査証 of a light vehicle."""


def read_codes(text: str) -> dict:
    """Step name → initial values of its form, from what a scanner typed or somebody pasted.

    Either code may be missing, they may stand in any order, or follow each other without a gap.
    """
    facts = {}
    folded = unicodedata.normalize("NFKC", text[:LARGEST])
    for version, rest in _CODE.findall(re.sub(r"[\r\n\t]", "", folded)):
        fields = [field.strip() for field in rest.split("/")]
        if version[0] == "2" and len(fields) >= 4:
            facts |= {"plate": fields[0], "chassis_number": fields[2]}
        elif version[0] == "3" and len(fields) >= 2:
            facts |= _type_of(fields[1])
    return _steps(facts)


def read_first_inspection(text: str) -> str:
    """初度検査年月 as YYYY年M月 from the third code, or "" where it does not stand there."""
    folded = unicodedata.normalize("NFKC", text[:LARGEST])
    for version, rest in _CODE.findall(re.sub(r"[\r\n\t]", "", folded)):
        fields = [field.strip() for field in rest.split("/")]
        if version[0] == "3" and len(fields) > _FIRST_INSPECTION:
            found = re.fullmatch(r"([0-9]{2})(0[1-9]|1[0-2])", fields[_FIRST_INSPECTION])
            if found:
                short, month = int(found[1]), int(found[2])
                year = 2000 + short if short < _CENTURY_TURNS else 1900 + short
                return f"{year}年{month}月"
    return ""


def read_file(packed: bytes) -> dict:
    """The same from a file of the 車検証閲覧アプリ."""
    if len(packed) > LARGEST:
        raise NotACertificate
    text = _text_of(packed)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = _first_row(text)
    if isinstance(content, dict) and isinstance(content.get("CertInfo"), dict):
        content = content["CertInfo"]
    if not isinstance(content, dict):
        raise NotACertificate

    def said(*keys):
        parts = [content.get(key) for key in keys]
        value = "".join(str(each) for each in parts if isinstance(each, (str, int))).strip()
        return "" if _AS_OWNER.fullmatch(value) else value

    owner = said("OwnernameLowLevelChar")
    owner_full = said("OwnernameHighLevelChar")
    owner_address = said("OwnerAddressChar", "OwnerAddressNumValue")
    user_address = said("UserAddressChar", "UserAddressNumValue") or owner_address
    return _steps(
        {
            "plate": said("EntryNoCarNo"),
            "vehicle_use": _use_of(said("PrivateBusiness")),
            "chassis_number": said("CarNo"),
            "type_designation": said("ModelSpecifyNo"),
            "category_number": said("ClassifyAroundNo"),
            "user_name": said("UsernameLowLevelChar") or owner,
            "user_name_full": said("UsernameHighLevelChar") or owner_full,
            "owner_name": owner,
            "owner_name_full": owner_full,
            "address": user_address,
            "base_address": said("UseheadqrterChar", "UseheadqrterNumValue"),
        }
    )


def _first_row(text):
    try:
        return next(csv.DictReader(io.StringIO(text, newline="")), {})
    except csv.Error as error:
        raise NotACertificate from error


def _use_of(said):
    """自家用 or 事業用 as a VehicleUse, "" for anything else."""
    return next((use.value for word, use in _USES if said.startswith(word)), "")


def _text_of(packed):
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return packed.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotACertificate


def _type_of(nine):
    """型式指定番号 and 類別区分番号 stand joined, five digits and four; all nines are none."""
    if not re.fullmatch(r"[0-9]{9}", nine) or set(nine) == {"9"}:
        return {}
    return {"type_designation": nine[:5], "category_number": nine[5:]}


def _may_be_shown(value):
    """Whether a form could hold ``value``; no certificate says anything else."""
    return 0 < len(value) <= _LONGEST and signs.is_text(value)


_STEPS = {
    "plate": ("plate", "vehicle_use"),
    "chassis": ("chassis_number",),
    "model": ("type_designation", "category_number"),
    "user": ("user_name", "user_name_full"),
    "owner": ("owner_name", "owner_name_full"),
    "address": ("address",),
    "base": ("base_address",),
}


def _steps(facts):
    """The facts that are there, by the step that asks for them. Raises NotACertificate for none."""
    facts = {name: value for name, value in facts.items() if value != "-" and _may_be_shown(value)}
    if plate := facts.get("plate"):
        try:
            facts["plate"] = read_plate(plate)
            facts["vehicle_use"] = use_of(facts["plate"]).value
        except NotAPlate:
            pass  # shown as it was read; the form says what is wrong with it
    if "user_name_full" in facts and facts["user_name_full"] == facts.get("user_name"):
        del facts["user_name_full"]
    steps = {
        step: {name: facts[name] for name in fields if name in facts}
        for step, fields in _STEPS.items()
    }
    if steps["base"]:
        steps["base"]["same"] = "no"
    steps = {step: values for step, values in steps.items() if values}
    if not steps:
        raise NotACertificate
    return steps
