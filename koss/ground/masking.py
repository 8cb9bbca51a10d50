"""What may not stand in a log, taken out of texts: secrets, numbers of people, names.

``secrets_of`` hides what opens something and is also used where the rest of a text must stay
(koss.api.exchanges). ``line`` is for log lines and hides all the rest too.
"""

import re

HIDDEN = "***"
# Our own words, which are most of what is said: nothing to look for.
_OURS = re.compile(r"[a-z_.]+|[A-Z]{1,7}|admin:[a-z_]+")
# So many characters of one text are kept in a line.
_MOST = 1000
# Where a secret stands: keys of ours, values after a secret's name in an address, in a form and in
# what looks like JSON, and a name and password before a host.
_SECRETS = (
    (re.compile(r"(whsec|koss)_[\w+/=%-]{12,}"), rf"\1_{HIDDEN}"),
    (re.compile(r"(\w*(?:password|secret|token|key)\w*=)[^&\s\"'#]+", re.I), rf"\1{HIDDEN}"),
    (
        re.compile(r"""(["']\w*(?:password|secret|token)["']\s*:\s*)[^,}\]]+""", re.I),
        rf'\1"{HIDDEN}"',
    ),
    (re.compile(r"(://)[^/@\s\"]+@"), rf"\1{HIDDEN}@"),
)
_IN_LINES = (
    (re.compile(r"(\b(?:authorization|cookie)\w*\W+)\S.*", re.I), rf"\1{HIDDEN}"),
    (re.compile(r"(\bbearer\s+)\S+", re.I), rf"\1{HIDDEN}"),
    # An address keeps its path alone.
    (re.compile(r"\?[^\s\"']+"), f"?{HIDDEN}"),
    # Our lines are English: whatever else stands in one was typed by somebody, or is a label.
    (re.compile(r"[^\x20-\x7e\t\n]+"), HIDDEN),
    (re.compile(r"[^\s@<>\"'(,;:=]+@[^\s@<>\"'),;:]+"), HIDDEN),
    # A receipt number; other long numbers (payment numbers, accounts, telephones) whole.
    (re.compile(r"(?<!\d)(?:\d[ -]?){13}(\d{4})(?!\d|[ -]\d)"), rf"{HIDDEN}\1"),
    (re.compile(r"(?:\d[ -]?){16,}\d"), HIDDEN),
    (re.compile(r"(?<![0-9A-Za-z])\d{7,}(?![0-9A-Za-z])"), HIDDEN),
    (re.compile(r"\+?\d{2,4}-\d{2,4}-\d{3,4}(?!\d)"), HIDDEN),
    # What is long and random opens something: handles, tokens, digests. Names of errors are long.
    (
        re.compile(
            r"(?<![\w-])(?=[a-z_-]*[A-Z0-9])(?!\w*(?:Error|Exception|Refused|Disconnected)\b)"
            r"[\w+/=-]{20,}"
        ),
        HIDDEN,
    ),
)


def secrets_of(text):
    """``text`` without what opens something."""
    for secret, hidden in _SECRETS:
        text = secret.sub(hidden, text)
    return text


def line(text):
    """``text`` as it may stand in a log: ASCII, without secrets, addresses of people, long numbers.

    Of a receipt number the last four digits stay.
    """
    if _OURS.fullmatch(text):
        return text
    # What is hidden further back than can be seen would take time for nothing.
    text = secrets_of(text[: 4 * _MOST])
    for found, hidden in _IN_LINES:
        text = found.sub(hidden, text)
    text = " ".join(text.split())
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."
