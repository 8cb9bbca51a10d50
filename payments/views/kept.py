"""What a payer searches for and has chosen, kept in the session: no number stands in an address.

Every search has a key of its own, which its pages carry as ``?search=``, so two tabs neither share
their conditions nor their choice.
"""

from dataclasses import dataclass

from django.conf import settings

from koss import handles

_SHELF = "payment_searches"


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
    """The search that the address names, else the newest of this handle, else an empty one."""
    key = request.GET.get("search") or request.POST.get("search") or ""
    if entry := _own(request, what, handles.find(request, _SHELF, key)):
        return Kept(key, entry["typed"], tuple(entry["chosen"]))
    for newest in reversed(request.session.get(_SHELF, {})):
        if entry := _own(request, what, handles.find(request, _SHELF, newest)):
            return Kept(newest, entry["typed"], tuple(entry["chosen"]))
    return Kept("", {}, ())


def choose(request, what, kept, chosen):
    """Keep ``chosen`` as the choice of this search; returns (it, whether all found room)."""
    unique = list(dict.fromkeys(chosen))
    some = unique[: settings.KOSS_BATCH_LIMIT]
    if kept.key:
        entry = handles.find(request, _SHELF, kept.key)
        handles.replace(request, _SHELF, kept.key, {**entry, "chosen": some})
        key = kept.key
    else:
        key = _put(request, what, {}, some)
    return Kept(key, kept.typed, tuple(some)), len(some) == len(unique)


def _put(request, what, typed, chosen):
    entry = {"handle": request.handle, "what": what, "typed": typed, "chosen": list(chosen)}
    return handles.put(request, _SHELF, entry)


def _own(request, what, entry):
    fits = entry and (entry["handle"], entry["what"]) == (request.handle, what)
    return entry if fits else None
