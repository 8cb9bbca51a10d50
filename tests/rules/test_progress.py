"""The line of a long command: on a terminal alone, and gone at the end."""

import io

import pytest

from koss.ground import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_is_told_and_left_clean():
    screen = Terminal()

    assert list(progress.followed(["a", "b"], "files", stream=screen)) == ["a", "b"]

    assert "0/2 files" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_it_is_left_clean_after_a_failure():
    screen = Terminal()
    things = progress.followed(iter("ab"), "files", total=2, stream=screen)
    next(things)

    with pytest.raises(KeyError):
        things.throw(KeyError("x"))

    assert screen.getvalue().endswith("\r\x1b[K")


def test_logs_and_tests_get_nothing(capsys):
    assert list(progress.followed(range(3), "files")) == [0, 1, 2]

    assert capsys.readouterr() == ("", "")


def test_a_line_fits_whatever_its_signs_and_width():
    assert progress.line("files", 5, 10, width=80) == f"[{'#' * 12}{'.' * 12}] 5/10 files"
    assert progress.line("申請", 0, 0, width=35).endswith("0/0 申")
