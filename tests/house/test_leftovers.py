"""Every form behind a handle keeps what is typed (koss.access.leftovers) or says why not."""

import inspect

from django.urls import URLResolver, get_resolver

from applications.apply.views import step

_PRESSED = "nothing is typed"
_SECRET = "a password"
_FILE = "a file or a signature"
_CHOSEN = "a choice, or what a list is narrowed by: to be looked at anew"
NOT_KEPT = {
    "status/login/<slug:handle>/": _SECRET,
    "status/<slug:handle>/typed/": _PRESSED,
    "status/<slug:handle>/withdrawal/": _PRESSED,
    "status/<slug:handle>/correction/review/": _PRESSED,
    "status/<slug:handle>/correction/signature/": _FILE,
    "status/<slug:handle>/end/": _PRESSED,
    "apply/address-file/<slug:handle>/": _FILE,
    "apply/<slug:handle>/typed/": _PRESSED,
    "apply/<slug:handle>/signature/": _FILE,
    "apply/<slug:handle>/step/files/": _FILE,
    "apply/<slug:handle>/end/": _PRESSED,
    "mypage/<slug:handle>/typed/": _PRESSED,
    "mypage/<slug:handle>/bulk-password/": _SECRET,
    "mypage/<slug:handle>/keys/<key:pk>/new/": _CHOSEN,
    "mypage/<slug:handle>/keys/<key:pk>/end/": _PRESSED,
    "mypage/<slug:handle>/batch-file/check/": _FILE,
    "mypage/<slug:handle>/end/": _PRESSED,
    "mypage/<slug:handle>/sets/": _FILE,
    "mypage/<slug:handle>/sets/faults/": _FILE,
    "mypage/<slug:handle>/sets/texts/": _FILE,
    "mypage/<slug:handle>/sets/send/": _FILE,
    "mypage/<slug:handle>/hooks/<slug:reference>/rotate/": _PRESSED,
    "mypage/<slug:handle>/hooks/<slug:reference>/delete/": _PRESSED,
    "mypage/<slug:handle>/hooks/<slug:reference>/pause/": _PRESSED,
    "mypage/<slug:handle>/hooks/<slug:reference>/resume/": _PRESSED,
    "mypage/<slug:handle>/hooks/<slug:reference>/test/": _PRESSED,
    "mypage/<slug:handle>/hooks/<slug:reference>/sent/<slug:delivery>/again/": _PRESSED,
    "mypage/<slug:handle>/applications/": _CHOSEN,
    "mypage/<slug:handle>/applications/open/": _PRESSED,
    "mypage/<slug:handle>/following/mail/": _CHOSEN,
    "mypage/<slug:handle>/following/language/": _CHOSEN,
    "mypage/<slug:handle>/following/calendar/": _PRESSED,
    "payment/<slug:handle>/end/": _PRESSED,
    "payment/application/<slug:handle>/": _PRESSED,
    "payment/application/<slug:handle>/<slug:reference>/way/": _CHOSEN,
    "payment/<slug:handle>/targets/": _CHOSEN,
    "payment/<slug:handle>/targets/list/": _CHOSEN,
    "payment/<slug:handle>/targets/check/": _CHOSEN,
    "payment/<slug:handle>/batches/": _CHOSEN,
    "payment/<slug:handle>/batches/<slug:reference>/withdrawal/": _PRESSED,
    "payment/<slug:handle>/pay/<slug:reference>/": _CHOSEN,
    "payment/<slug:handle>/pay/<slug:reference>/way/": _CHOSEN,
    "payment/<slug:handle>/direct/": _CHOSEN,
    "payment/<slug:handle>/direct/list/": _CHOSEN,
    "payment/<slug:handle>/direct/check/": _CHOSEN,
    "payment/<slug:handle>/direct/<slug:reference>/cancel/": _PRESSED,
    "payment/<slug:handle>/direct/<slug:reference>/again/": _PRESSED,
    "codes/vehicle/<slug:handle>/issue/": _PRESSED,
    "codes/<slug:handle>/end/": _PRESSED,
}


def views(resolver=None, before=""):
    """(address, view) of the whole portal."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, address)
        else:
            yield address, entry.callback


def takes_a_form(view):
    """Whether ``view`` can be sent something: none of its decorators refuses POST."""
    while view:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "POST" in methods
        view = getattr(view, "__wrapped__", None)
    return True


def forgetful(all_views):
    """Addresses behind a handle that take a form and keep nothing of it."""
    return {
        address
        for address, view in all_views
        if "<slug:handle>" in address and takes_a_form(view) and not hasattr(view, "keeps_typed")
    }


def test_what_is_typed_behind_a_handle_is_kept_or_there_is_a_reason():
    assert forgetful(views()) == set(NOT_KEPT)


def test_a_planted_view_that_forgets_is_found():
    def forgets(request, handle):
        """Takes what is sent."""

    planted = [("planted/<slug:handle>/", forgets), ("kept/<slug:handle>/", step.step)]

    assert forgetful(planted) == {"planted/<slug:handle>/"}
