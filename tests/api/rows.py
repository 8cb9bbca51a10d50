"""Rows of sets as a vendor's system writes them, signed with practice certificates."""

import base64
from functools import cache

from applications.signatures.sandbox.samples import SAMPLES
from tests.practice import signed

NAME = next(sample.holder.name for sample in SAMPLES if sample.file == "scrivener.p12")
PASSWORD = "shinsei-2024"
CONTINUED = {
    "procedure": "continued_inspection",
    "password": PASSWORD,
    "email": "keiji@gyosei.example",
    "plate": "品川580さ1234",
    "vehicle_use": "private",
    "chassis_number": "ＡＸ０１－０００００１２",
    "applicant_kind": "agent",
    "applicant_name": NAME,
    "user_name": "軽自　太郎",
    "postal_code": "140-0002",
    "address": "東京都品川区東品川1-1-1",
    "office": "東京主管事務所",
    "weight_class": "normal",
    "payment_method": "batch",
    "receiving": "vehicle",
}
NEW = {
    name: value for name, value in CONTINUED.items() if name not in ("plate", "chassis_number")
} | {
    "procedure": "new_vehicle",
    "chassis_number": "LA100S-0001234",
    "type_designation": "12345",
    "category_number": "0001",
}


@cache
def _signed(content):
    return base64.b64encode(signed(content)).decode()


def row(reference, procedure=CONTINUED, **instead):
    """One row, not signed yet."""
    return {"reference": reference, **procedure, **instead}


def sign(caller, rows):
    """``rows`` with a signature each, under what the interface says is to be signed."""
    signed_rows = []
    for start in range(0, len(rows), 50):
        some = rows[start : start + 50]
        answer = caller.post("applications/check", {"applications": some})
        assert answer.status_code == 200, answer.text
        for typed, checked in zip(some, answer.json()["applications"], strict=True):
            content = checked["content"]
            signature = _signed(content.encode()) if content else "AAAA"
            signed_rows.append({**typed, "signature": signature})
    return signed_rows
