"""``python -m tests.guides``: takes each picture of the guides that is missing or out of date.

Pictures that are still of their screens stay as they are; to take all anew, delete static/guides/.
"""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    taking = Path(__file__).with_name("taking.py")
    sys.exit(pytest.main(["-q", "-n0", "-p", "no:randomly", str(taking)]))
