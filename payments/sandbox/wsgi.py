"""The entrance for the web server, and the start of the thread that sends notices."""

import ctypes
import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "payments.sandbox.settings"

application = get_wsgi_application()

from payments.sandbox import sender

_PR_SET_PDEATHSIG = 1

if sys.platform == "linux":
    # When the server's main process is killed, its worker must not go on by itself.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
sender.start()
