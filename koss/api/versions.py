"""The versions of the interface. An answer keeps its meaning as long as its version lives.

A new field or a new code of a list that may grow comes into a version that lives; anything else
makes a new one beside it (docs/api.md, 版).
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import Http404
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from applications.uploads import inspecting
from koss.api import acts as acts
from koss.api import faults, gate, sends
from koss.api import hooks as hooks
from koss.api import reads as reads
from koss.api import sandbox as sandbox
from koss.api.problems import Problem
from koss.api.reading import StrictParser
from koss.api.routing import router


@dataclass(frozen=True)
class Interface:
    """One version. ``prefix``: where it stands; ``takes``: name of an address → gate.Takes."""

    api: NinjaAPI
    prefix: str
    takes: dict = field(default_factory=dict)

    def addresses(self):
        """The patterns of its operations, each behind the gate."""
        patterns, _app, _namespace = self.api.urls
        # /applications/check stands before /applications/{receipt_number}.
        for pattern in sorted(patterns, key=lambda each: "<" in str(each.pattern)):
            if pattern.name != "api-root":
                takes = self.takes.get(pattern.name, gate.ONLY_SMALL_JSON)
                asks = self._asks.get(pattern.name, {})
                view = gate.around(pattern.callback, pattern.name, takes, asks)
                yield path(str(pattern.pattern), view, name=pattern.name)

    def name_of(self, address):
        """The name of the described ``address``."""
        return self._names[address.removeprefix(self.prefix)]

    @property
    def once(self):
        """(method, name of the address) of each operation that wants an Idempotency-Key."""
        return {
            (method, operation.url_name)
            for bound in self.api._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
            for method in operation.methods
            if operation.auth_callbacks[0].once
        }

    @property
    def _asks(self):
        """Name of an address → method → what may be asked for in its query."""
        asks = {}
        for bound in self.api._get_bound_routers():
            for view in bound.path_operations.values():
                for operation in view.operations:
                    names = [
                        name
                        for model in operation.models
                        if model.__ninja_param_source__ == "query"
                        for name in model.__ninja_flatten_map__
                    ]
                    of_name = asks.setdefault(operation.url_name, {})
                    of_name |= dict.fromkeys(operation.methods, names)
        return asks

    @property
    def _names(self):
        return {
            view_path.lstrip("/"): view.url_name or view.operations[0].url_name
            for bound in self.api._get_bound_routers()
            for view_path, view in bound.path_operations.items()
        }


class _Renderer(JSONRenderer):
    """Japanese stays readable in a log."""

    json_dumps_params = {"ensure_ascii": False}


def _made(version):
    api = NinjaAPI(
        title="軽自動車OSS 一括申請API",
        version=version,
        description="案内：/api/",
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
        renderer=_Renderer(),
        urls_namespace=f"api-v{version.partition('.')[0]}",
    )
    api.add_exception_handler(Problem, lambda request, problem: problem.response())
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unread)
    api.add_exception_handler(Http404, lambda request, error: Problem("not_found").response())
    api.add_exception_handler(Exception, _broken)
    return api


def _invalid(request, error):
    return Problem("invalid", faults=faults.of_reader(error.errors)).response()


def _unread(request, error):
    """Ninja hides behind it why the parser refused a body."""
    cause = error.__cause__
    problem = cause if isinstance(cause, Problem) else Problem("bad_request")
    return problem.response()


def _broken(request, error):
    """To Django, as from every other view."""
    raise error


V1 = Interface(
    _made("1.0"),
    "/api/v1/",
    takes={
        "applications": gate.Takes(most=settings.KOSS_API_LARGEST_SET),
        "attachments": gate.Takes(sends.FILE_TYPES, inspecting.LARGEST),
    },
)
V1.api.add_router("", router)
