"""A password hash that costs next to nothing, for tests in which passwords are no subject."""

from koss.access.hashers import LeanArgon2Hasher


class QuickArgon2(LeanArgon2Hasher):
    """The portal's hasher with the smallest numbers that Argon2 takes."""

    time_cost = 1
    memory_cost = 8
