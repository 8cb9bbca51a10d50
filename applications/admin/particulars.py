"""What an application on screen says beside its status page, for staff."""

from applications.correcting import comparing
from applications.models import Particulars


def rows_of(application):
    """Pairs (label, value) of what was answered; [] for an application that was not asked."""
    row = getattr(application, "particulars", None)
    if row is None:
        return []
    return [
        (field.verbose_name, comparing.shown(application, field.name, getattr(row, field.name)))
        for field in Particulars._meta.fields
        if field.name not in {"id", "application"} and getattr(row, field.name)
    ]
