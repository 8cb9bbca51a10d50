"""What staff did beside Django's own messages: kept as a code and facts, told when it is read."""

import json

_TELLERS = {}


def tells(code):
    """Register the function that turns the facts of ``code`` into words."""

    def register(teller):
        _TELLERS[code] = teller
        return teller

    return register


def message(code, **facts):
    """For ``ModelAdmin.log_change``: what happened, without any words."""
    return [{code: facts}]


def words(entry):
    """What a LogEntry says, in the reader's language."""
    kept = _kept(entry.change_message)
    for code, teller in _TELLERS.items():
        if code in kept:
            return teller(**kept[code])
    return entry.get_change_message()


def _kept(change_message):
    try:
        [kept] = json.loads(change_message)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
