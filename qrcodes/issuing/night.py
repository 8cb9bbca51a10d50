"""What the night does with codes."""

from qrcodes.models import Code


def forget_expired_passwords(business_date, *, now, chunk):
    """Clear the passwords of papers that nobody brought to a counter in time."""
    expired = Code.objects.filter(expires_on__lte=business_date).exclude(password="")
    while keys := list(expired.order_by("pk").values_list("pk", flat=True)[:chunk]):
        yield Code.objects.filter(pk__in=keys).update(password="")
