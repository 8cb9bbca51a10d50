"""What a worker notes of each task: the id of the request that enqueued it, a line, a figure."""

import logging
import sys
import time

from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished, task_started

from koss.ground import figures, request_ids
from koss.ground.logs import Ours

logger = logging.getLogger("koss.worker")

# A worker does one task at a time.
_begun = {}


def watch():
    """From now on the tasks of this process are noted."""
    task_started.connect(_begins, dispatch_uid="at_work")
    task_finished.connect(_ends, dispatch_uid="at_work")


def _begins(*, task_result, **_signal):
    request_ids.hold(request_ids.of_task(task_result.db_result))
    _begun[task_result.id] = time.monotonic()


def _ends(*, task_result, **_signal):
    seconds = time.monotonic() - _begun.pop(task_result.id, time.monotonic())
    name = task_result.task.module_path
    failed = task_result.status == TaskResultStatus.FAILED
    figures.task_done(name, "failed" if failed else "done", seconds)
    facts = {"task": Ours(name), "ms": round(seconds * 1000)}
    if failed:
        # The queue tells of it while the error is at hand.
        logger.error("a task failed", exc_info=sys.exc_info(), extra={"facts": facts})
    else:
        logger.info("a task is done", extra={"facts": facts})
