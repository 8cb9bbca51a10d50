"""Where a sentence decides something for its reader: each of them is there in やさしい日本語 too.

A place is a file, or a folder with all that is in it.
"""

DECIDING = (
    "applications/correcting/forms.py",
    "applications/inquiry/forms.py",
    "applications/models/signature_words.py",
    "applications/status.py",
    "applications/status_page/",
    "applications/uploads/refusals.py",
    "koss/access/login_forms.py",
    "koss/access/password_rule.py",
    "payments/batches/forms.py",
    "payments/direct/",
    "payments/payer/forms.py",
    "payments/paying/",
    "qrcodes/issuing/",
    "templates/applications/_unchanged.html",
    "templates/applications/apply/",
    "templates/applications/correction.html",
    "templates/applications/correction_changed.html",
    "templates/applications/correction_review.html",
    "templates/applications/correction_sign.html",
    "templates/applications/file_altered.html",
    "templates/applications/login.html",
    "templates/applications/password.html",
    "templates/applications/signatures/",
    "templates/applications/status/",
    "templates/applications/withdrawal.html",
    "templates/leftovers/",
    "templates/mail/",
    "templates/parts/_ended.html",
    "templates/parts/_idle_dialog.html",
    "templates/parts/_lost.html",
    "templates/payments/_choose.html",
    "templates/payments/_count.html",
    "templates/payments/batches/",
    "templates/payments/direct/",
    "templates/payments/menu.html",
    "templates/payments/my_page/",
    "templates/payments/parts/",
    "templates/payments/pay/",
    "templates/payments/targets/",
    "templates/payments/users/",
    "templates/qrcodes/",
)


def is_in(place, path):
    return path.startswith(place) if place.endswith("/") else path == place


def decides(where):
    """Whether one of the files ``where``, by their paths in the repository, decides something."""
    return any(is_in(place, path) for path in where for place in DECIDING)


def is_sentence(message):
    """Whether ``message`` is a sentence, or a question; what is neither is a label, and stays."""
    return "。" in message or message.endswith(("ますか", "ますか？"))
