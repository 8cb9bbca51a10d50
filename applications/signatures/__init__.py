"""Electronic signatures: checking them, and keeping what was checked.

From the door inwards: ``checking`` (the gates), ``record`` (the row), ``again`` (revocation asked
later), and below them one module per subject.
"""
