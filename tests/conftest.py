"""What concerns every test."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.template.base import Template
from django.test.signals import template_rendered
from django.urls import get_resolver
from hypothesis.configuration import set_hypothesis_home_dir

from koss.ground import drawn, figures
from koss.portal import planned_stops
from tests import chromium, needs

# Fixtures shared by many tests live in modules of their own.
pytest_plugins = [
    "tests.databases",
    "tests.forks",
    "tests.world",
    "tests.valid_html",
    "tests.visitor",
    "tests.window",
    "tests.rules.post",
    "tests.banks",
    "tests.practice",
    "tests.systems",
]

# What it remembers between runs belongs with the other caches. A busy machine is no mistake of
# the code: an example may take its time. `make test` tries the same examples on every machine;
# `make explore` looks for new ones, and what it finds becomes an ``@example``.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".data" / "cache" / "hypothesis")
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("EXAMPLES", "house"))


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of the other database."""
    other = "sqlite" if connection.vendor == "postgresql" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_unconfigure(config):
    """Remove what the run wrote, when the last of its processes ends."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(settings.RUN, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _addresses_as_settings_have_them():
    """Django reads them once, on first use: that shall not be a test that turns the demo on."""
    assert get_resolver().url_patterns


@pytest.fixture(scope="session", autouse=True)
def _pages_tell_their_context_once(django_test_environment):
    """Django's tests copy the context of every included part; ``answer.context`` needs the page's.

    That took a third of the time of a page.
    """

    def render(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(scope="session", autouse=True)
def _figures_where_settings_have_them():
    """A process counts in the directory of its first figure: no test's own."""
    figures.request_done("GET", figures.NOWHERE, 200, 0)


@pytest.fixture(autouse=True)
def _no_planned_stop():
    """What a portal that has run for a while keeps: a page then asks nothing for its banner."""
    planned_stops.keep([], seconds=None)


@pytest.fixture(autouse=True)
def _no_kept_page(monkeypatch):
    """Every page is drawn anew: a test looks at what it says now."""
    monkeypatch.setattr(drawn, "KEEPS", False)


@pytest.fixture(scope="session")
def chromium_path():
    """Path of the browser, for tests marked ``browser``."""
    return chromium.find() or needs.miss("browser", chromium.WHY_NOT)
