"""What a payer searches for and has chosen, kept with the sign-in: no number stands in an address.

Every search has a key of its own, which its pages carry as ``?search=``, so two tabs neither share
their conditions nor their choice.
"""

from dataclasses import dataclass

from django.conf import settings

from koss.access import handles

_SEARCHES = handles.Drawer("payment_searches")


@dataclass(frozen=True, slots=True)
class Kept:
    """One search. ``typed``: its conditions as typed. ``chosen``: keys of applications."""

    key: str
    typed: dict
    chosen: tuple[int, ...]


def keep(request, what, form, chosen=()):
    """Keep the conditions of ``form``, which is valid, for a new search; returns its key."""
    typed = {name: str(value or "") for name, value in form.cleaned_data.items()}
    return _put(request, what, typed, chosen)


def current(request, what):
    """The search that the address names, else the newest of this sign-in, else an empty one."""
    key = request.GET.get("search") or request.POST.get("search") or ""
    found = _SEARCHES.find(request.opened, key) if key else None
    if found is None or found.facts["what"] != what:
        found = _SEARCHES.newest(request.opened, what=what)
    if found is None:
        return Kept("", {}, ())
    return Kept(found.handle, found.facts["typed"], tuple(found.facts["chosen"]))


def choose(request, what, kept, chosen):
    """Keep ``chosen`` as the choice of this search; returns (it, whether all found room)."""
    unique = list(dict.fromkeys(chosen))
    some = unique[: settings.KOSS_BATCH_LIMIT]
    if kept.key:
        _SEARCHES.replace(_SEARCHES.find(request.opened, kept.key), chosen=some)
        key = kept.key
    else:
        key = _put(request, what, {}, some)
    return Kept(key, kept.typed, tuple(some)), len(some) == len(unique)


def _put(request, what, typed, chosen):
    return _SEARCHES.put(request.opened, what=what, typed=typed, chosen=list(chosen))
