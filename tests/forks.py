"""A copy of this process that works on a database of its own, to be killed or waited for.

To load a program anew takes seconds, and what is tested is what happens from then on.
"""

import os
import signal
import sys
import traceback

import pytest
from django.db import connection
from django.test import override_settings

from tests import databases


class Fork:
    """``act(said)`` in a copy of this process. ``said``: what it writes there, ``stdout`` reads."""

    def __init__(self, blocker, store, act, **settings):
        with blocker.unblock():
            connection.close()  # a child must not use its parent's
        reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            with blocker.unblock():
                _do(store, act, writing, settings)
        os.close(writing)
        self.stdout = os.fdopen(reading, encoding="utf-8")
        self.returncode = None

    def kill(self):
        os.kill(self._pid, signal.SIGKILL)
        self.wait()

    def wait(self):
        """Its end: 0 when all went well, -9 when it was killed."""
        if self.returncode is None:
            _pid, status = os.waitpid(self._pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
            self.stdout.close()
        return self.returncode

    def finish(self):
        """All that it says until its end, which must be a good one."""
        said = self.stdout.read()
        assert self.wait() == 0
        return said


def _do(store, act, writing, settings):
    """The child's whole life."""
    ended = 1
    try:
        own = {"DATA_DIR": store.directory, "STORAGES": store.storages(), **settings}
        with (
            override_settings(**own),
            databases.another(store.name),
            os.fdopen(writing, "w", encoding="utf-8") as said,
        ):
            act(said)
        ended = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(ended)


@pytest.fixture(scope="session")
def fork(django_db_blocker):
    """``fork(store, act, **settings)``: a ``Fork``; ``store`` is one of tests/night/stores.py."""

    def begun(store, act, **settings):
        return Fork(django_db_blocker, store, act, **settings)

    return begun
