"""The entrance for the web server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koss.settings")
django.setup(set_prefix=False)

from koss.ground import logs
from koss.ground.handler import Handler
from koss.operation import web_limits
from koss.operation.checks import require_a_key

logs.Lines.program = "web"
require_a_key()
web_limits.keep()
application = Handler()

# Slow to import: now, and not while somebody waits for the first signature to be checked.
from applications.signatures import integrity, paths  # noqa: F401 - for what their import loads
from koss.portal.search import index

# What is searched is made a little later, beside the first requests.
index.make_ready()
