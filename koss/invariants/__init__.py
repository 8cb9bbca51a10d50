"""What must hold in the database at any moment, whatever was killed, doubled, late or lost.

Each rule is one query over whole tables that finds the rows which break it (trust.md 2.3). Nothing
here repairs anything. ``manage.py check_invariants`` runs them all; tests of faults do so too.
"""

from koss.invariants.at_the_counter import AT_THE_COUNTER
from koss.invariants.of_money import OF_MONEY
from koss.invariants.of_moves import OF_MOVES
from koss.invariants.of_numbers import OF_NUMBERS
from koss.invariants.rule import Rule

__all__ = ["RULES", "Rule", "broken"]

RULES = (*OF_MONEY, *OF_NUMBERS, *OF_MOVES, *AT_THE_COUNTER)


def broken():
    """The names of the rules that do not hold now."""
    return [rule.name for rule in RULES if rule.broken().exists()]
