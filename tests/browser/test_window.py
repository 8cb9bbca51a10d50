"""The window that looks at every page (tests/window.py) sees what is wrong with one."""

import pytest

from tests.window import Drawn

pytestmark = pytest.mark.browser

_FRAME = """<!doctype html><html lang="ja"><head><title>状況</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>状況</h1>%s</main></body></html>"""
_STRICT = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}


def shown(window, body, headers=_STRICT):
    window.shows(Drawn("/planted/", _FRAME % body, headers=headers))
    return window.faults()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p><img src='/static/x.png' width='400'></p>", "404: "),
        ("<pre>" + "長い" * 200 + "</pre>", " > 1280"),
        ("<table><td>" + "幅" * 22 + "</table><p>" + "x" * 45, " > 320"),
        ("<p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></p>", "image-alt"),
        ("<p style='color: red'>赤</p>", "security policy"),
    ],
    ids=["a file is missing", "wider than a desk", "wider at 400 %", "no alternative", "policy"],
)
def test_a_planted_fault_is_seen(window, chromium_path, body, told):
    found = shown(window, body)

    assert any(told in fault for fault in found), found


def test_a_planted_error_of_a_script_is_seen(window, chromium_path):
    found = shown(window, "<script>nothing.here()</script>", {"Content-Type": "text/html"})

    assert any("error in a script" in fault for fault in found), found
