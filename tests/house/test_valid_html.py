"""The check of our pages against the HTML standard finds what it is to find."""

from tests.valid_html import problems

PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>題</title></head>'
    "<body>{}</body></html>"
)
VALID = """
<header><nav aria-label="n"><ul><li><a href="/" aria-current="page">h</a></li></ul></nav></header>
<main id="m"><h1>a</h1>
<details name="a"><summary>q</summary><p>a</p></details>
<form method="post" action="/x"><label for="q">q</label>
<input id="q" name="q" maxlength="3" inputmode="numeric" autocomplete="off" required></form></main>
"""
# One of each kind of mistake that templates make.
INVALID = [
    "<p>a & b &amp c</p>",
    "<section><p>x</section></div>",
    '<p class="a" class="b">x</p>',
    "<p><div>x</div></p>",
    "<ul><div>x</div></ul>",
    "<dl><dd>x</dd><dt>y</dt></dl>",
    "<center>x</center>",
    "<p id='a'>x</p><p id='a'>y</p>",
    "<p aria-labelledby='nope' role='note'>x</p>",
    "<p role='banana'>x</p>",
    "<label for='nope'>x</label>",
    "<label><button>a</button><input></label>",
    "<button><a href='/'>x</a></button>",
    "<form><form></form></form>",
    "<img src='x'>",
    "<input type='checkbox' maxlength='3'>",
    "<input autocomplete='banana'>",
    "<select required><option value='a'>x</option></select>",
    "<main>a</main><main>b</main>",
    "<time>2026年1月1日</time>",
    "<table><tr><td colspan='2'>x</td></tr><tr><td>a</td></tr></table>",
]


def test_planted_mistakes_are_found_and_nothing_else(tmp_path):
    bodies = [VALID, *INVALID]
    nameless = "<!DOCTYPE html><html><head><title></title></head><body></body></html>"

    found = problems(
        {body: PAGE.format(body) for body in bodies} | {"nameless": nameless}, tmp_path / "pages"
    )

    assert set(found) == {*INVALID, "nameless"}
    assert len(found["nameless"]) == 2  # the title is empty, and no language is named
