"""What is written to the log of a request that did not end well."""

import logging

from django.conf import settings

_BROKEN, _AWAY = 500, 503


class OnlyWhatBroke(logging.Filter):
    """Of requests that were refused, a line where somebody asked for INFO; no traceback.

    A traceback is for what broke. Where the store is away one line each says so: the same
    traceback for every visitor hides the reason.
    """

    def filter(self, record):
        status = getattr(record, "status_code", None)
        if status is None or status == _BROKEN:
            return True
        if status == _AWAY and record.exc_info:
            record.msg, record.args = f"{record.getMessage()} ({record.exc_info[1]})", ()
        record.exc_info = record.exc_text = None
        if status < _BROKEN:
            record.levelno, record.levelname = logging.INFO, "INFO"
        return record.levelno >= logging.getLevelName(settings.LOGGING["root"]["level"])
