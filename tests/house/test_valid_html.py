"""The check of our pages against the HTML standard sees what a validator sees."""

import pytest

from tests.valid_html import problems

PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>題</title></head>'
    "<body>{}</body></html>"
)
VALID = """
<header><nav aria-label="n"><ul><li><a href="/" aria-current="page">h</a></li></ul></nav></header>
<main id="m"><h1>a</h1>
<section aria-labelledby="s"><h2 id="s">s</h2>
<p>x <time datetime="2026-01-01T10:00:00+09:00">x</time> <a href="#m">y</a></p></section>
<details><summary>q</summary><p>a</p></details>
<svg width="10" height="10" viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0"/></svg>
<dl><div><dt>a</dt><dd>b</dd></div></dl>
<table><caption>c</caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
<tbody><tr><td rowspan="2">x</td><td>y</td></tr><tr><td>z</td></tr></tbody></table>
<form method="post" action="/x"><label for="q">q</label>
<input id="q" name="q" maxlength="3" inputmode="numeric" autocomplete="off" required
 aria-describedby="h"><p id="h">h</p>
<fieldset><legend>l</legend><label><input type="radio" name="r"> a</label></fieldset>
<select name="s" required><option value="">-</option><option value="1">1</option></select>
<button type="submit" disabled>ok</button></form></main><footer><p>f</p></footer>
"""


def test_a_valid_page_has_no_problems():
    assert problems(PAGE.format(VALID)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<p>a & b &amp c</p>",
        "<section><p>x</section></div>",
        '<p class="a" class="b">x</p>',
        "<p><div>x</div></p>",
        "<span><div>x</div></span>",
        "<ul><div>x</div></ul>",
        "<ul>x<li>a</li></ul>",
        "<dl><p>x</p></dl>",
        "<dl><dd>x</dd><dt>y</dt></dl>",
        "<blah>x</blah>",
        "<center>x</center>",
        "<p style='color:red'>x</p>",
        "<p onclick='x()'>x</p>",
        "<p id='a'>x</p><p id='a'>y</p>",
        "<p id='a b'>x</p>",
        "<p aria-foo='x'>x</p>",
        "<p aria-labelledby='nope' role='note'>x</p>",
        "<p aria-expanded='true'>x</p>",
        "<p role='banana'>x</p>",
        "<label for='nope'>x</label>",
        "<label for='p'>x</label><p id='p'>y</p>",
        "<label>a <input><input></label>",
        "<label><button>a</button><input></label>",
        "<button><a href='/'>x</a></button>",
        "<a href='#nope'>x</a>",
        "<a href='a b'>x</a>",
        "<form><form></form></form>",
        "<form action=''></form>",
        "<img src='x'>",
        "<input type='foo'>",
        "<input type='checkbox' maxlength='3'>",
        "<input required='false'>",
        "<input autocomplete='banana'>",
        "<select required><option value='a'>x</option></select>",
        "<details><p>x</p><summary>y</summary></details>",
        "<fieldset><p>x</p><legend>y</legend></fieldset>",
        "<h1><h2>x</h2></h1>",
        "<main>a</main><main>b</main>",
        "<time>2026年1月1日</time>",
        "<table><tr><td colspan='2'>x</td></tr><tr><td>a</td></tr></table>",
        "<table><tr><td headers='nope'>x</td></tr></table>",
        "<table><tr><td scope='row'>x</td></tr></table>",
    ],
)
def test_a_planted_mistake_is_found(body):
    assert problems(PAGE.format(body)) != []


def test_a_page_needs_a_language_and_a_title():
    page = "<!DOCTYPE html><html><head><title></title></head><body></body></html>"
    assert len(problems(page)) == 2
