"""Work off the request, as staff see it: every word of the library in Japanese."""

import re

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from koss.admin import JOB_STATES
from koss.mail import outbox
from tests.staff import signed_in, text_of

pytestmark = pytest.mark.django_db

LIST = "/admin/django_tasks_database/dbtaskresult/"
# Words of the library that no translation of Django's knows.
ENGLISH = re.compile(r"\b(?:Task|Tasks|Ready|Running|Failed|Successful|Database Backend)\b")


@pytest.fixture
def job():
    outbox.send_due_mail.enqueue()
    return DBTaskResult.objects.latest("enqueued_at")


def pages_of(job):
    return [
        "/admin/",
        LIST,
        reverse("admin:django_tasks_database_dbtaskresult_change", args=[job.pk]),
    ]


@pytest.mark.parametrize("state", JOB_STATES)
def test_staff_read_japanese(job, state):
    DBTaskResult.objects.update(status=state)
    client = signed_in("operator")

    for path in pages_of(job):
        page = text_of(client.get(path))
        assert not ENGLISH.search(page), path
    assert str(JOB_STATES[state]) in page


def test_the_list_is_narrowed_by_state(job):
    client = signed_in("operator")

    assert "send_due_mail" in text_of(client.get(f"{LIST}?status=READY"))
    assert "send_due_mail" not in text_of(client.get(f"{LIST}?status=FAILED"))
