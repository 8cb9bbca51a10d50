"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LeanArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 2 passes over 19 MiB in one lane: OWASP's published minimum.

    Django's own parameters take 100 MiB and eight lanes for each login, which two cores answer
    five times a second; an attacker with many cores gains more from them than the portal does.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
