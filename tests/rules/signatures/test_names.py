"""The name in a certificate against the name in the application."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from applications.models import CertificateKind, Match
from applications.signatures.facts import Signer
from applications.signatures.names import matches

DAY = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = Signer(
    kind=CertificateKind.PERSONAL,
    name="軽自　太郎",
    organisation="",
    substituted=(),
    serial="1",
    issuer="CN=x",
    not_before=DAY,
    not_after=DAY,
    fingerprint="",
    signed_at=None,
    practice=True,
)
COMPANY = replace(PERSON, kind=CertificateKind.CORPORATE, organisation="高木商事")
OFFICE = replace(PERSON, kind=CertificateKind.SCRIVENER, organisation="ｶﾞﾘﾚｵ事務所")
SUBSTITUTED = replace(PERSON, name="軽自　太〓", substituted=(4,))

SAME, SUBST, DIFFERENT = Match.SAME, Match.SUBSTITUTED, Match.DIFFERENT


@pytest.mark.parametrize(
    ("signer", "name", "result"),
    [
        (PERSON, "軽自太郎", SAME),
        (PERSON, " 軽自 太郎 ", SAME),
        (PERSON, "軽自　次郎", DIFFERENT),
        (PERSON, "軽自　太郎丸", DIFFERENT),
        (PERSON, "", DIFFERENT),
        (PERSON, "　", DIFFERENT),
        # Positions that the card could not write match anything, and no other position does.
        (SUBSTITUTED, "軽自　太𠮷", SUBST),
        (SUBSTITUTED, "軽自太郎", SUBST),
        (SUBSTITUTED, "軽自　太〓", SAME),
        (SUBSTITUTED, "軽目　太郎", DIFFERENT),
        (SUBSTITUTED, "軽自　太", DIFFERENT),
        (SUBSTITUTED, "軽自　太葛\U000e0100", SUBST),
        # A register of JIS X 0208 cannot hold 髙; it can hold 山.
        (COMPANY, "高木商事", SAME),
        (COMPANY, "髙木商事", SUBST),
        (COMPANY, "山木商事", DIFFERENT),
        (COMPANY, "高木商事 軽自太郎", SAME),
        (COMPANY, "軽自太郎", DIFFERENT),
        (PERSON, "𨋳自　太郎", DIFFERENT),
        # People who work for an office may sign in their own name or in its name.
        (OFFICE, "ガリレオ事務所", SAME),
        (OFFICE, "カ\u3099リレオ事務所", SAME),
        (OFFICE, "ガリレオ事務所　軽自　太郎", SAME),
        (OFFICE, "軽自　太郎", SAME),
        (OFFICE, "ガリレイ事務所", DIFFERENT),
    ],
)
def test_matching(signer, name, result):
    assert matches(signer, name) == result


def test_a_certificate_without_a_name_matches_nobody():
    assert matches(replace(PERSON, name=""), "") == DIFFERENT
    assert matches(replace(COMPANY, organisation="", name=""), "軽自") == DIFFERENT
