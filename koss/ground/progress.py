"""How far a long command is: one line on a terminal, nothing anywhere else.

It goes to standard error, so that what a command prints can be kept in a file. Logs, pipes and
tests are no terminal and get nothing.
"""

import shutil
import sys
import time

# How often at most the line is drawn anew, in seconds.
_PAUSE = 0.1
_BAR = 24


def followed(things, title, *, total=None, stream=None):
    """``things`` one after the other; the line tells how many of ``total`` are done.

    ``total``: for things that have no length. The line is taken away at the end, also when
    somebody stops or fails on the way.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield from things
        return
    total, drawn_at = len(things) if total is None else total, None
    try:
        for done, thing in enumerate(things):
            if drawn_at is None or time.monotonic() - drawn_at >= _PAUSE:
                drawn_at = time.monotonic()
                stream.write(f"\r{line(title, done, total)}\x1b[K")
                stream.flush()
            yield thing
    finally:
        stream.write("\r\x1b[K")
        stream.flush()


def line(title, done, total, *, width=None):
    """``title`` with a bar, as much of it as fits beside each other on the terminal."""
    share = done / total if total else 1
    filled = round(_BAR * share)
    whole = f"[{'#' * filled}{'.' * (_BAR - filled)}] {done:,}/{total:,} {title}"
    # A sign of Japanese takes two places.
    room, kept = (width or shutil.get_terminal_size().columns) - 1, ""
    for sign in whole:
        room -= 1 if sign.isascii() else 2
        if room < 0:
            break
        kept += sign
    return kept
