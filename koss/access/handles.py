"""What one browser has open: random handles in the addresses, each with a secret of its own.

A handle stands in every address of a page that shows something private, so an address tells
nothing, and two tabs never act on each other's thing. It opens only together with the secret in a
cookie of its own, so it works in no other browser.

Each thing is one row and one cookie. Two sign-ins at once have nothing in common that one of them
could overwrite, and the secret of each is new: a cookie from before the sign-in opens nothing.
That is also why no form token changes at a sign-in: it would spoil the forms of other tabs.
"""

import re
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from koss.ground import clock
from koss.models import OpenHandle

# How many things one browser has open at once. The one unused for longest is ended, and says so.
AT_MOST = 50
_HANDLE = re.compile(r"[\w-]{22}", re.ASCII)


class Ended(Exception):
    """What stood behind the handle has ended by itself. ``idle``: unused, else to make room.

    ``opened``: its OpenHandle. ``is_own``: whether this browser had it open.
    """

    def __init__(self, opened, *, idle, is_own):
        super().__init__("idle" if idle else "room")
        self.opened, self.idle, self.is_own = opened, idle, is_own


class Shelf:
    """One kind of thing that a browser can have open. The area that it belongs to declares it.

    ``stays``: it ends KOSS_IDLE_MINUTES after it was made, also when it is used.
    """

    def __init__(self, name, *, stays=False):
        self.name = name
        self._stays = stays

    def put(self, request, **facts):
        """Open a thing for this browser; returns its handle. ``facts``: what JSON can hold."""
        _make_room(request)
        secret, now = secrets.token_urlsafe(16), clock.system_now()
        opened = OpenHandle.objects.create(
            shelf=self.name,
            handle=secrets.token_urlsafe(16),
            proof=_proof(secret),
            facts=facts,
            made_at=now,
            seen_at=now,
        )
        _cookies(request)[_cookie(opened.handle)] = secret
        return opened.handle

    def find(self, request, handle):
        """The OpenHandle that this browser has under ``handle``, or None. Raises Ended.

        It counts as used now.
        """
        request.is_private = True
        opened = self._row(handle)
        if opened is None:
            return None
        now = clock.system_now()
        secret = request.COOKIES.get(_cookie(handle), "")
        is_own = constant_time_compare(_proof(secret), opened.proof)
        if opened.ended_for_room:
            raise Ended(opened, idle=False, is_own=is_own)
        if now - opened.seen_at > timedelta(minutes=settings.KOSS_IDLE_MINUTES):
            raise Ended(opened, idle=True, is_own=is_own)
        if not is_own:
            return None
        step = timedelta(seconds=settings.IDLE_STEP_SECONDS)
        if not self._stays and now - opened.seen_at > step:
            OpenHandle.objects.filter(pk=opened.pk, seen_at__lt=now).update(seen_at=now)
        return opened

    def lost(self, handle):
        """The OpenHandle of which ``find`` gave nothing: another browser's, or None."""
        return self._row(handle)

    def _row(self, handle):
        if not _HANDLE.fullmatch(handle):
            return None
        return OpenHandle.objects.filter(shelf=self.name, handle=handle).first()

    def end(self, request, handle):
        """終了: this browser has it open no more. Nothing happens where it has no such thing."""
        try:
            opened = self.find(request, handle)
        except Ended:
            return
        if opened:
            opened.delete()
            _cookies(request)[_cookie(handle)] = None


class Drawer:
    """Things that belong to one open handle and end with it. They need no secret of their own."""

    def __init__(self, name):
        self.name = name

    def put(self, opened, **facts):
        """Keep ``facts`` for ``opened``; returns their own key."""
        now = clock.system_now()
        kept = OpenHandle.objects.create(
            shelf=self.name,
            handle=secrets.token_urlsafe(16),
            inside=opened,
            facts=facts,
            made_at=now,
            seen_at=now,
        )
        return kept.handle

    def find(self, opened, key):
        """The OpenHandle under ``key``, or None."""
        if not _HANDLE.fullmatch(key):
            return None
        return self._of(opened).filter(handle=key).first()

    def newest(self, opened, **facts):
        """The OpenHandle that was kept last with these facts, or None."""
        wanted = {f"facts__{name}": value for name, value in facts.items()}
        return self._of(opened).filter(**wanted).order_by("-pk").first()

    def replace(self, kept, **facts):
        """Change these of the facts of ``kept``, which ``find`` or ``newest`` gave."""
        kept.facts |= facts
        kept.save(update_fields=["facts"])

    def _of(self, opened):
        return OpenHandle.objects.filter(shelf=self.name, inside=opened)


def to_login(request, login, *, kept=False):
    """To the address called ``login``, which then says that something was open, and is no more.

    ``kept``: what was typed and sent is kept (``koss.access.leftovers``).
    """
    lost = "view" if request.method in {"GET", "HEAD"} else "kept" if kept else "act"
    return redirect(f"{reverse(login)}?lost={lost}")


def lost(request):
    """What ``to_login`` came from: "view", "act" (sent, and not done), "kept" (so too) or ""."""
    named = request.GET.get("lost", "")
    return named if request.method == "GET" and named in {"view", "act", "kept"} else ""


def carry(get_response):
    """Middleware: hand new secrets to the browser, take ended ones back, and let nobody cache."""

    def middleware(request):
        response = get_response(request)
        for name, secret in _cookies(request).items():
            if secret is None:
                response.delete_cookie(name, samesite="Lax")
                response.cookies[name]["secure"] = settings.HTTPS
            else:
                response.set_cookie(
                    name, secret, httponly=True, samesite="Lax", secure=settings.HTTPS
                )
        private = _cookies(request) or getattr(request, "is_private", False)
        if private and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def forget_ended(business_date, *, now, chunk):
    """A step of the night: delete what nobody has used for a day, by the machine's own time."""
    old = OpenHandle.objects.filter(seen_at__lt=clock.system_now() - timedelta(days=1), inside=None)
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:chunk]):
        OpenHandle.objects.filter(pk__in=keys).delete()
        yield len(keys)


def _make_room(request):
    """Forget cookies beyond AT_MOST: first those that open nothing, then the longest unused."""
    prefix = _cookie("")
    held = [name.removeprefix(prefix) for name in request.COOKIES if name.startswith(prefix)]
    if len(held) < AT_MOST:
        return
    since = clock.system_now() - timedelta(minutes=settings.KOSS_IDLE_MINUTES)
    alive = OpenHandle.objects.filter(handle__in=held, ended_for_room=False, seen_at__gt=since)
    newest = list(alive.order_by("-seen_at", "-pk").values_list("handle", "proof"))
    own = [handle for handle, proof in newest if _proof(request.COOKIES[prefix + handle]) == proof]
    stays, goes = own[: AT_MOST - 1], own[AT_MOST - 1 :]
    OpenHandle.objects.filter(handle__in=goes).update(ended_for_room=True)
    for handle in set(held) - set(stays):
        _cookies(request)[prefix + handle] = None


def _cookies(request):
    """Name → secret, or None for one to be forgotten: what ``carry`` does to the response."""
    if not hasattr(request, "_handle_cookies"):
        request._handle_cookies = {}
    return request._handle_cookies


def _cookie(handle):
    # The browser itself then sees to it that no other host of the domain sets it.
    return f"{settings.COOKIE_PREFIX}koss_open_{handle}"


def _proof(secret):
    return sha256(secret.encode()).hexdigest()
