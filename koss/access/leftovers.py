"""What was typed into a form whose sign-in had ended: kept for a day, and offered to its owner.

A view says with ``keeps`` that its form is worth keeping. The doors (``signing_in.signed_in`` and
its likes) call ``keep`` where they turn a sent form away, and ``let_in`` where they let one in.
After the next sign-in ``koss.access.offering`` offers it, and the view fills its form (``fill``).

Only fields of text and choice that a view's form has are kept, never a password and never a file.
Only who signs in under the same number or ID reads it. Where the browser could not show that
it had been signed in (its cookie is gone), it has to be the same browser too, so that nobody who
saw an address plants a text for somebody else (docs/adr/0042).
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.datastructures import MultiValueDict

from koss.access import sources, visitors
from koss.ground import clock, sealing
from koss.models import TypedText

LASTS = timedelta(hours=24)
# In bytes: the codes of a 自動車検査証 are the longest that a form takes.
LARGEST = 80 * 1024
PER_OWNER = 20
# In a POST of idle.js: the sign-in should be over, so keep this and do nothing else.
ONLY_KEEP = "koss_only_keep"
PARAMETER = "typed"
_PURPOSE = b"koss.access.leftovers "
_COOKIE = f"{settings.COOKIE_PREFIX}koss_typed"
_SECRET = re.compile(r"[\w-]{22}", re.ASCII)
_LONGEST_FORM = TypedText._meta.get_field("form").max_length


@dataclass(frozen=True, slots=True)
class Keeps:
    """What is kept of a view's form. Both functions get the arguments of the address."""

    title: Callable[..., str]
    forms: Callable[..., tuple]
    page: str

    def names(self, **arguments):
        """Of the fields of a POST that are kept."""
        return {
            name
            for form in self.forms(**arguments)
            for field_name, field in form.base_fields.items()
            if _is_typed(field)
            for name in _names_in_post(field_name, field)
        }


@dataclass(frozen=True, slots=True)
class Leftover:
    """A text that waits for its owner. ``until``: when it is no longer offered."""

    key: str
    title: str
    address: str
    until: datetime


def keeps(title, *form_classes, page=""):
    """For a view: what is typed into these forms is kept when the sign-in has ended.

    ``title``: what the form is called; it and the one ``form_classes`` may be functions of the
    arguments of the address. ``page``: name of the address that shows the form, where it is not
    the view's own; it takes the same arguments.
    """
    if len(form_classes) == 1 and not isinstance(form_classes[0], type):
        [of_address] = form_classes
    else:

        def of_address(**_arguments):
            return form_classes

    title_of = title if callable(title) else lambda **_arguments: title

    def for_view(view):
        view.keeps_typed = Keeps(title_of, of_address, page)
        return view

    return for_view


def keep(request, owner, *, is_own):
    """Keep what ``request`` sent to a view that ``keeps`` it. Returns whether a text is kept.

    ``owner``: whose sign-in has ended. ``is_own``: this browser has shown that it was its own.
    Nothing is kept that is too much, of one text, of an owner or of a source. Where nothing was
    sent, a text of before may be kept: idle.js sends it and then opens the page that says so.
    """
    if request.method != "POST":
        return is_own and is_waiting(request, owner)
    request.only_keeps = ONLY_KEEP in request.POST
    declared = _declared(request.resolver_match)
    if declared is None:
        return False
    names, form = declared.names(**_arguments(request.resolver_match)), _form_of(request)
    text = {name: request.POST.getlist(name) for name in names if name in request.POST}
    if len(form) > _LONGEST_FORM or not any(any(values) for values in text.values()):
        return False
    if len(json.dumps(text, ensure_ascii=False).encode()) > LARGEST:
        return False
    secret = remember(request)
    proof = "" if is_own else _proof(secret)
    alike = TypedText.objects.filter(owner=owner, kept_at__gt=clock.system_now() - LASTS)
    alike = alike.filter(proof="") if is_own else alike.exclude(proof="")
    if alike.exclude(form=form, proof=proof).count() >= PER_OWNER:
        return False
    try:
        sources.admit(visitors.source_of(request), now=clock.now())
    except sources.TooMany:
        return False
    salt = sealing.new_salt()
    TypedText.objects.update_or_create(
        owner=owner,
        form=form,
        proof=proof,
        defaults={
            "key": secrets.token_urlsafe(16),
            "salt": salt,
            "sealed": sealing.seal(text, salt, _purpose(owner, form)),
            "kept_at": clock.system_now(),
        },
    )
    return True


def let_in(request, owner):
    """The browser is signed in as ``owner``: None, or the answer instead of the view's.

    What was kept of the form that is sent now is forgotten: the view has it in its hands.
    """
    request.typed_owner = owner
    if request.method != "POST":
        return None
    if ONLY_KEEP in request.POST:
        return HttpResponse(status=204)
    if _COOKIE in request.COOKIES and _declared(request.resolver_match):
        _readable(request).filter(form=_form_of(request)).delete()
    return None


def remember(request):
    """Let the browser know its secret for as long as a text is kept; ``carry`` hands it over.

    Returns the secret.
    """
    known = request.COOKIES.get(_COOKIE, "")
    request.typed_secret = known if _SECRET.fullmatch(known) else secrets.token_urlsafe(16)
    return request.typed_secret


def carry(get_response):
    """Middleware: hand the secret of this module to the browser; tell idle.js that all is over."""

    def middleware(request):
        response = get_response(request)
        if getattr(request, "only_keeps", False):
            response = HttpResponse(status=202)
        if secret := getattr(request, "typed_secret", None):
            response.set_cookie(
                _COOKIE,
                secret,
                max_age=LASTS,
                httponly=True,
                samesite="Lax",
                secure=settings.HTTPS,
            )
        return response

    return middleware


def is_waiting(request, owner):
    """Whether there is anything that ``owner`` may have back in this browser."""
    request.typed_owner = owner
    return _readable(request).exists()


def waiting(request):
    """Every Leftover of the signed-in owner, the newest first."""
    return [
        Leftover(row.key, *found, row.kept_at + LASTS)
        for row in _readable(request).order_by("-kept_at")
        if (found := _place(request, row.form))
    ]


def discard(request, key):
    """Forget the text under ``key``."""
    _readable(request).filter(key=key).delete()


def text_of(request):
    """What the address asks to fill the form with: name → values, or nothing."""
    key = request.GET.get(PARAMETER, "")
    if request.method != "GET" or not _SECRET.fullmatch(key):
        return MultiValueDict()
    row = _readable(request).filter(key=key, form=_form_of(request)).first()
    try:
        text = row and sealing.open_sealed(row.sealed, row.salt, _purpose(row.owner, row.form))
    except sealing.SealBroken:  # the portal's secret was replaced
        return MultiValueDict()
    return MultiValueDict(text or {})


def fill(request, form):
    """``form``, with what was kept of it where the address asks for that; a sent one as it is."""
    text = text_of(request)
    for name, field in form.fields.items():
        if not text or not _is_typed(field):
            continue
        if set(_names_in_post(name, field)).isdisjoint(text):
            continue
        form.initial[name] = field.widget.value_from_datadict(text, {}, name)
    form.was_kept = bool(text)
    return form


def _is_typed(field):
    secret = isinstance(field.widget, (forms.PasswordInput, forms.FileInput))
    return not secret and not field.widget.is_hidden


def _names_in_post(name, field):
    if isinstance(field.widget, forms.MultiWidget):
        return [name + each for each in field.widget.widgets_names]
    return [name]


def _declared(match):
    return getattr(match.func, "keeps_typed", None)


def _arguments(match):
    return {name: value for name, value in match.kwargs.items() if name != "handle"}


def _form_of(request):
    match = request.resolver_match
    page = _declared(match).page if _declared(match) else ""
    return json.dumps([page or match.view_name, _arguments(match)], sort_keys=True, default=str)


def _place(request, form):
    """(title, address) of ``form`` for who is signed in now, or None where it is no more."""
    name, arguments = json.loads(form)
    if hasattr(request, "handle"):
        arguments["handle"] = request.handle
    try:
        address = reverse(name, kwargs=arguments)
        match = resolve(address)
    except (Resolver404, NoReverseMatch):
        return None
    declared = _declared(match)
    return declared and (str(declared.title(**_arguments(match))), address)


def _readable(request):
    since = clock.system_now() - LASTS
    proofs = {"", _proof(request.COOKIES.get(_COOKIE, ""))}
    return TypedText.objects.filter(owner=request.typed_owner, kept_at__gt=since, proof__in=proofs)


def _proof(secret):
    return sha256(secret.encode()).hexdigest()


def _purpose(owner, form):
    return _PURPOSE + f"{owner} {form}".encode()
