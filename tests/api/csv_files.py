"""CSV files as a person writes them from the template."""

import csv
import io

from koss.bulk import columns
from tests.api.rows import CONTINUED, NAME

WORDS = {
    "procedure": "継続検査",
    "vehicle_use": "自家用",
    "applicant_kind": "代理人（行政書士など）",
    "applicant_name": NAME,
    "weight_class": "通常",
    "payment_method": "まとめ納付",
    "receiving": "自分で受け取る（車両ごとの二次元コード）",
}


def a_file(*rows, encoding="utf-8"):
    """The bytes of a file with ``rows``: names of columns → what a person writes."""
    names = ["reference", *CONTINUED]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.label(name) for name in names)
    for row in rows:
        typed = {**CONTINUED, **WORDS, **row}
        writer.writerow(typed[name] for name in names)
    return text.getvalue().encode(encoding)
