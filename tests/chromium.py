"""The Chromium of this machine, which the browser tests drive."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
LIGHT = "chromium-headless-shell"
WHY_NOT = "no Chromium on this machine (install chromium, or name one in KOSS_CHROMIUM)"


def find_lightest():
    """``find()``, or the same without a window of its own: it draws in two thirds of the time."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin"])
    named = os.environ.get("KOSS_CHROMIUM")
    return (not named and shutil.which(LIGHT, path=places)) or find()


def find():
    """The path of an executable, or None. ``KOSS_CHROMIUM`` goes before what is installed."""
    named = os.environ.get("KOSS_CHROMIUM")
    if named:
        return shutil.which(named)
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin"])
    return next(filter(None, (shutil.which(name, path=places) for name in NAMES)), None)
