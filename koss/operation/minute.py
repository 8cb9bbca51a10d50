"""What is done every minute beside pages and tasks: whatever was left over is found here."""

from applications.papers import asking
from koss.bulk import sets
from koss.demo import actor
from koss.ground import clock
from koss.hooks import rounds
from payments.money import reconciling


def do(*, since=None):
    """One round; returns what ``payments.money.reconciling.run`` had to do.

    ``since``: as there. Twice, or twice at once, does nothing twice. Asks the bank, so never inside
    a transaction.
    """
    counts = reconciling.run(now=clock.now(), since=since)
    asking.ask_due(now=clock.now())
    sets.resume_stalled()
    rounds.sweep(now=clock.now())
    actor.act(now=clock.now())
    return counts
