"""The codes that say why a move was made, where nobody says so in words of their own.

The table has its own; a refused signature brings the code of the gate that was shut.
"""

from applications.models.signature_words import SignatureRefusal
from applications.status import StandardReason

STANDARD_REASONS = (*StandardReason.choices, *SignatureRefusal.choices)


def in_words(code):
    """The sentence of a code, in the reader's language."""
    return dict(STANDARD_REASONS)[code]
