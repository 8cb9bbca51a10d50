"""車台番号 by which the practice systems answer as somebody wants to see it.

The one table of them; docs/api.md says the same. The practice systems are told with each question.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MagicNumber:
    """A 車台番号 that begins with ``prefix``. ``mode``, ``minutes``: as the training page has them.

    ``shows``: what happens, for the guide.
    """

    prefix: str
    mode: str
    minutes: int
    shows: str


PAPERS = (
    MagicNumber("TX404-", "withheld", 1, "添付書類は届かない"),
    MagicNumber("TX202-", "late", 1, "添付書類は1分遅れて届く"),
    MagicNumber("TX409-", "slip", 1, "添付書類は、最後の一文字が違う車台番号で登録されている"),
)


def of(chassis_number):
    """The MagicNumber that ``chassis_number`` begins with, or None."""
    return next((each for each in PAPERS if chassis_number.startswith(each.prefix)), None)
