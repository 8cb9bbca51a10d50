"""The id of a request: one name for what it did, in web, worker and bank.

32 hexadecimal digits. It is given in the answer's ``X-Request-Id`` and stands in every log line;
tasks that the request enqueues keep it, and the bank is sent it.
"""

import re
import secrets
from contextvars import ContextVar

from django.conf import settings

HEADER = "X-Request-Id"
# Where a task keeps the id of the request that enqueued it.
IN_TASK = "request_id"
_META = "HTTP_X_REQUEST_ID"
# As nginx and others make them, and as a UUID.
_FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_current = ContextVar("request id", default="")


def current():
    """The id of what is being done here, or ""."""
    return _current.get()


def hold(request_id):
    """From now on this thread works for ``request_id``; returns it."""
    _current.set(request_id)
    return request_id


def new():
    """An id for what begins here."""
    return secrets.token_hex(16)


def of(request):
    """The id that a proxy of ours gave the request, else a new one."""
    given = request.META.get(_META, "") if settings.KOSS_PROXIES else ""
    return given.replace("-", "") if _FORM.fullmatch(given) else new()


def keep_in_task(instance, **_signal):
    """For ``pre_save`` of the queue's rows: a task that is enqueued keeps the id of its request."""
    if instance._state.adding and current():
        instance.args_kwargs = {**instance.args_kwargs, IN_TASK: current()}


def of_task(row):
    """The id that a task of the queue has kept, else a new one."""
    given = row.args_kwargs.get(IN_TASK, "")
    return given if isinstance(given, str) and _FORM.fullmatch(given) else new()
