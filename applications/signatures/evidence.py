"""The answers about revocation, kept so that a decision can be checked later."""

from applications.models import RevocationAnswer, Signature


def add(signature: Signature, answers, *, now):
    """Keep ``answers``, byte for byte; a list that is there already is not written twice."""
    for answer in answers:
        row, _made = RevocationAnswer.objects.get_or_create(
            digest=answer.digest,
            defaults={"source": answer.source[:500], "body": answer.body, "fetched_at": now},
        )
        signature.evidence.add(row)
