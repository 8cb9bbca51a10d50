"""What the reader of requests found wrong with values, in words for people in two languages."""

from django.utils.translation import gettext_lazy as _

from koss.api.problems import Fault

_SENTENCES = {
    "missing": (_("必要な項目がありません。"), "This is required."),
    "extra_forbidden": (_("この項目はありません。"), "There is no such field."),
    "string_type": (_("文字列にしてください。"), "This must be a string."),
    "string_too_long": (
        _("%(max_length)s文字以内にしてください。"),
        "At most %(max_length)s characters.",
    ),
    "string_too_short": (
        _("%(min_length)s文字以上にしてください。"),
        "At least %(min_length)s characters.",
    ),
    "string_pattern_mismatch": (
        _("形式が違います（%(pattern)s）。"),
        "This does not match %(pattern)s.",
    ),
    "int_type": (_("整数にしてください。"), "This must be an integer."),
    "int_parsing": (_("整数にしてください。"), "This must be an integer."),
    "int_from_float": (_("整数にしてください。"), "This must be an integer."),
    "int_parsing_size": (_("数が大きすぎます。"), "This number is too large."),
    "less_than_equal": (_("%(le)s以下にしてください。"), "At most %(le)s."),
    "greater_than_equal": (_("%(ge)s以上にしてください。"), "At least %(ge)s."),
    "enum": (_("次のどれかにしてください：%(expected)s"), "One of %(expected)s."),
    "literal_error": (_("次のどれかにしてください：%(expected)s"), "One of %(expected)s."),
    "bool_type": (_("真偽値にしてください。"), "This must be a boolean."),
    "list_type": (_("配列にしてください。"), "This must be an array."),
    "too_long": (_("%(max_length)s件以内にしてください。"), "At most %(max_length)s items."),
    "too_short": (_("%(min_length)s件以上にしてください。"), "At least %(min_length)s items."),
    "dict_type": (_("オブジェクトにしてください。"), "This must be an object."),
    "model_type": (_("オブジェクトにしてください。"), "This must be an object."),
    "model_attributes_type": (_("オブジェクトにしてください。"), "This must be an object."),
    "date_type": (
        _("日付は2022-01-31のように書いてください。"),
        "A date is written as 2022-01-31.",
    ),
    "date_parsing": (
        _("日付は2022-01-31のように書いてください。"),
        "A date is written as 2022-01-31.",
    ),
    "date_from_datetime_parsing": (
        _("日付は2022-01-31のように書いてください。"),
        "A date is written as 2022-01-31.",
    ),
    "datetime_parsing": (
        _("日時は2022-01-31T09:00:00+09:00のように書いてください。"),
        "A moment is written as 2022-01-31T09:00:00+09:00.",
    ),
    "date_from_datetime_inexact": (
        _("日付は2022-01-31のように書いてください。"),
        "A date is written as 2022-01-31.",
    ),
}
NOT_PAYABLE = (
    _("この申請の納付番号は、いま取得できません。納付方法と納付状況を確かめてください。"),
    "No number can be taken for this application now: look at its payment method and state.",
)
_OTHER = (_("この値は受け取れません。"), "This value is not taken.")


def of_reader(errors):
    """The Faults of the ``errors`` of ninja's ValidationError."""
    return tuple(_fault(error) for error in errors)


def _fault(error):
    place, *path = error["loc"]
    japanese, english = _SENTENCES.get(error["type"], _OTHER)
    said = error.get("ctx", {})
    code = error["type"] if error["type"] in _SENTENCES else "invalid"
    # The first step into a body is the name of the view's argument.
    where = {"pointer": pointer(*path[1:])} if place == "body" else {"parameter": str(path[-1])}
    return Fault(code, str(japanese) % said, english % said, **where)


def unknown_parameter(name):
    """The Fault of a parameter that there is not."""
    japanese, english = _SENTENCES["extra_forbidden"]
    return Fault("extra_forbidden", str(japanese), english, parameter=name)


def pointer(*steps):
    """RFC 6901, as the fragment of an address: ``#/applications/3/plate``."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return "#" + "".join(f"/{step}" for step in escaped)
