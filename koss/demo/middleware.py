"""The demo clock during one request."""

from koss.ground import clock

# It must answer without a database, and so without the clock that is kept there.
_WITHOUT_CLOCK = {"/health/", "/health/live/", "/health/ready/"}


def hold_clock(get_response):
    """Read the demo clock once for the whole request."""

    def middleware(request):
        if request.path_info in _WITHOUT_CLOCK:
            return get_response(request)
        with clock.demo_offset_held():
            return get_response(request)

    return middleware
