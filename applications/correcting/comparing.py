"""The fields of a correction for people: one value, and how it differs from another."""

from applications.apply import address_file, description
from applications.life import differences

# What changes as a whole, and not letter by letter.
_WHOLE = {"vehicle_use", "applicant_kind", "office", "weight_class", "address_file"}


def shown(application, name, value):
    """The value of the field ``name`` in words, "" where there is none.

    Asks the database for an office that is not the application's own.
    """
    if value in ("", None):
        return ""
    if name == "office" and value == application.office_id:
        return application.office.name
    if name == "address_file":
        said = address_file.said_in(value)
        names = "／".join(filter(None, [said.user_name, said.user_name_full]))
        return f"{names}　{said.postal_code} {said.address}（{description.digest_of(value)}）"
    return description.shown(name, value)


def difference(application, name, before, after):
    """The Difference between two values of the field ``name``."""
    before, after = (shown(application, name, value) for value in (before, after))
    return differences.between(before, after, whole=name in _WHOLE)
