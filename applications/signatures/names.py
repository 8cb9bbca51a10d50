"""The name in a certificate against a name that was typed."""

import re
import unicodedata

from applications.models import CertificateKind, Match

# One character as a reader sees it: with the marks of kana, and the selector of its shape.
_CHARACTER = re.compile(
    "\\S[\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL
)
_KANA = re.compile("[\u3040-\u30ff]")
_WIDE_OR_NARROW = re.compile("[\uff00-\uffef]+")


def matches(signer, name: str) -> Match:
    """Whether ``name`` is the name of ``signer``; spaces and width do not count.

    A position that a personal certificate marks as substituted, and a character of ``name`` that a
    corporate certificate cannot hold, matches any one character: then SUBSTITUTED.
    """
    results = {_compare(signer, held, name) for held in _names_of(signer)}
    return next(
        (best for best in (Match.SAME, Match.SUBSTITUTED) if best in results), Match.DIFFERENT
    )


def holds(character: str) -> bool:
    """Whether JIS X 0208 has ``character``, which is all that 商業登記 can hold."""
    try:
        # Three bytes are JIS X 0212.
        return len(character.encode("euc_jp")) <= 2
    except UnicodeEncodeError:
        return False


def _names_of(signer):
    """Each way in which the certificate names its holder."""
    if signer.kind == CertificateKind.PERSONAL:
        return [signer.name]
    together = f"{signer.organisation}{signer.name}"
    if signer.kind == CertificateKind.CORPORATE:
        # A director signs for the corporation, not in their own name.
        return [signer.organisation, together]
    return [signer.name, signer.organisation, together]


def _compare(signer, held, name):
    is_personal = signer.kind == CertificateKind.PERSONAL
    marked = set(signer.substituted) if is_personal else set()
    there, typed = list(_characters(held)), list(_characters(name))
    if not typed or len(there) != len(typed):
        return Match.DIFFERENT
    result = Match.SAME
    for (place, ours), (_, theirs) in zip(there, typed, strict=True):
        if ours == theirs:
            continue
        cannot_hold = signer.kind == CertificateKind.CORPORATE and not holds(theirs)
        if place not in marked and not cannot_hold:
            return Match.DIFFERENT
        result = Match.SUBSTITUTED
    return result


def _characters(text):
    """(place in ``text``, character in one width) of each character that is no space."""
    for found in _CHARACTER.finditer(text):
        folded = _WIDE_OR_NARROW.sub(_in_one_width, found[0])
        if _KANA.match(folded):
            folded = unicodedata.normalize("NFC", folded)
        yield found.start(), folded


def _in_one_width(run):
    return unicodedata.normalize("NFKC", run[0])
