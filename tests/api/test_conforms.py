"""The interface keeps to its own description: schemathesis asks, with a fixed seed.

``make conform`` asks 20,000 times; here it is as much as fits into some seconds.
"""

import os

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from applications.models import Channel
from koss.ground.handler import Handler
from payments.demo import payers
from tests.api.callers import owner

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("practice", "bank"),
    pytest.mark.filterwarnings("ignore"),
]
CASES = int(os.environ.get("CONFORM_CASES", "8"))


@pytest.fixture
def described(an_application, settings):
    settings.KOSS_API_REQUESTS_PER_MINUTE = 10**9
    settings.KOSS_ORIGIN = "http://testserver"
    for signal in (request_started, request_finished):  # as Django's own test client does
        signal.disconnect(close_old_connections)
    an_application("検査申請補正待ち", channel=Channel.BULK, bulk_id=payers.BULK_ID)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", Handler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def has_wrong_headers(case):
    made = case.meta.components.get(ParameterLocation.HEADER)
    return made is not None and made.mode is GenerationMode.NEGATIVE


def vanishes(case):
    """Whether something wrong in the query is nothing once it stands in an address."""
    return any(value in (None, [], {}, [None]) for value in (case.query or {}).values())


def test_every_answer_is_described(described):
    bearer = {"Authorization": f"Bearer {owner().key}"}
    asked = 0

    for operation in described.get_all_operations():
        strategy = operation.ok().as_strategy(generation_mode=GenerationMode.POSITIVE)
        either = strategy | operation.ok().as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @hypothesis.seed(20260401)
        @hypothesis.settings(
            max_examples=CASES,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=either)
        def ask(case):
            nonlocal asked
            hypothesis.assume(not vanishes(case))
            asked += 1
            # Each case is a request of its own, unless its headers are what is wrong with it.
            own = {} if has_wrong_headers(case) else {"Idempotency-Key": f"c-{asked}", **bearer}
            # No description can say which bytes are a sound picture, which name is on the Internet.
            judged = case.path.endswith(("attachments", "webhooks"))
            left_out = [positive_data_acceptance] if judged else []
            case.call_and_validate(
                headers={"Accept-Encoding": "identity", **own}, excluded_checks=left_out
            )

        ask()

    assert asked >= CASES
