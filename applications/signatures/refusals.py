"""How a check says no."""

from applications.models import SignatureRefusal as Refusal

__all__ = ["Refusal", "SignatureRefused"]


class SignatureRefused(Exception):
    """``refusal``: the gate that said no. ``signer``: what the certificate says, where readable."""

    def __init__(self, refusal: Refusal, signer=None):
        super().__init__(refusal.value)
        self.refusal = refusal
        self.signer = signer
