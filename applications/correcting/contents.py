"""What the pages of a correction show, gathered so that templates only arrange it."""

from applications.correcting import comparing, whole
from applications.life import correctable
from applications.models import AttachmentKind


def review(order):
    """補正内容の確認: old and new of everything that the order names."""
    application = order.application
    named = bool(order.attachments)
    added = list(order.uploads.all()) if named else []
    standing = list(application.uploads.standing()) if named else []
    return {
        "order": order,
        "changes": [
            (
                correctable.label(name),
                comparing.difference(
                    application,
                    name,
                    correctable.value_of(application, name),
                    order.proposal[name],
                ),
            )
            for name in order.fields
        ],
        "files": [
            (
                AttachmentKind(kind).label,
                [each for each in standing if each.kind == kind],
                [each for each in added if each.kind == kind],
            )
            for kind in order.attachments
        ],
    }


def signature(order):
    """署名: the whole application as it will be."""
    return {"order": order, "parts": whole.rows_of(order, order.proposal)}
