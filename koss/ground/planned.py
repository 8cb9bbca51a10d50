"""Background tasks that are planned already."""

from django.db.models import Q
from django_tasks import TaskResultStatus


def is_planned(task, until):
    """Whether a worker will look at ``task`` by ``until``, the machine's own moment."""
    # Only here: the queue's table can be imported when all apps are loaded, not before.
    from django_tasks_db.models import DBTaskResult, get_date_max

    at_once = Q(run_after=get_date_max())
    return DBTaskResult.objects.filter(
        Q(run_after__lte=until) | at_once,
        task_path=task.module_path,
        status=TaskResultStatus.READY,
    ).exists()
