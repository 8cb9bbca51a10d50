"""Somebody with a browser at the bank: cookies, forms, redirects, and nothing of our code."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

from tests.valid_html import note

PASSWORD = "ginko-2024"
# The customers that the bank has from the start.
PLENTY, SHORT, LOW_LIMIT = "01011000001", "01011000002", "01011000003"


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    html: str

    @property
    def text(self):
        """What can be read, without spaces."""
        return re.sub(r"\s+", "", re.sub(r"<[^>]*>", " ", self.html))


class Payer:
    """One browser, empty at first. What it gets is valid HTML and keeps the content policy."""

    def __init__(self, origin):
        self.origin = origin
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._cookies)
        )

    def get(self, path):
        return self._open(urllib.request.Request(self._address(path)))

    def post(self, path, **fields):
        """Submit a form, with the token that every form of the bank has."""
        token = [each.value for each in self._cookies if each.name == "bank_csrf"]
        fields = {"csrfmiddlewaretoken": token[0] if token else "", **fields}
        data = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._address(path), data=data))

    def follow(self, link):
        """Come from the portal with its Link; the page is where one is asked to sign in."""
        return self.post(link.url, **link.fields)

    def sign_in(self, page, customer=PLENTY, password=PASSWORD):
        path = re.search(r'action="([^"]*/sign-in/)"', page.html)[1]
        return self.post(path, customer_number=customer, password=password)

    def confirm(self, page):
        return self.post(self.pay_path(page))

    def pay_path(self, page):
        """Where the button 納付する leads."""
        return re.search(r'action="([^"]*/pay/)"', page.html)[1]

    def pay(self, link, customer=PLENTY):
        """All of it."""
        return self.confirm(self.sign_in(self.follow(link), customer))

    def _address(self, path):
        return urllib.parse.urljoin(self.origin, path)

    def _open(self, request):
        try:
            response = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            page = Page(response.status, response.url, response.read().decode())
            policy = response.headers["Content-Security-Policy"]
        assert page.status < 500 or page.status == 503, page.html
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "style=" not in page.html
        assert "本物のお金は動きません" in page.text
        note(page.html, page.url)
        return page
