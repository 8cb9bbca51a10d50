"""Somebody at a real browser, who goes by the words on the screen like ``tests.visitor.Visitor``.

Whatever they do, the page may raise no error, break no rule of its security policy and ask no
other server: ``complaints`` gathers it.
"""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`security policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
_TOO_WIDE = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const far = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > innerWidth + 1);
  return [`${root.scrollWidth} > ${innerWidth}`,
    ...far.slice(0, 5).map((element) => element.outerHTML.slice(0, 150))];
}"""
# A window as narrow as a phone, and one as small as a screen of 1280 x 1024 enlarged to 400 %.
PHONE = {"width": 375, "height": 667}
ENLARGED = {"width": 320, "height": 256}
DESK = {"width": 1280, "height": 900}
STAFF = {
    "reviewer": "shinsa", "tax_office": "zeimu", "counter": "madoguchi", "operator": "unyo"
}  # fmt: skip
STAFF_PASSWORD = "Demo-pass-2024"
LONGEST = 5_000


def new_context(chromium, **options):
    """A browser without a history, for people who live in Japan and sit at a desk."""
    context = chromium.new_context(**{"viewport": DESK, "locale": "ja-JP", **options})
    context.set_default_timeout(LONGEST)
    context.add_init_script(_TELL_VIOLATIONS)
    return context


class Person:
    """One window. ``status`` is the code of the last page's response."""

    def __init__(self, context, origin):
        self.context, self.origin = context, origin
        self.complaints = []
        self.page = None
        self.status = None
        context.on("page", self._watch)
        self.page = context.new_page()

    def leaves(self):
        """Close the window, and keep nothing but the files that the browser has loaded."""
        self.context.remove_listener("page", self._watch)
        self.page.evaluate("() => localStorage.clear()")
        for page in self.context.pages:
            page.close()
        self.context.clear_cookies()

    def opens_a_tab(self):
        """Another window of the same browser."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.page = self.context.new_page()
        return other

    @property
    def path(self):
        return urlsplit(self.page.url).path

    def opens(self, path):
        response = self.page.goto(self.origin + path)
        self.status = response.status

    def presses(self, words):
        """Press the one link or button that says exactly ``words``."""
        self.press(self._one(words))
        self.page.wait_for_load_state()

    def press(self, target):
        """How this person presses something."""
        target.click()

    def fills(self, label, value):
        """Type ``value`` into the field that ``label`` belongs to."""
        self.type_into(self.field(label), value)

    def type_into(self, field, value):
        """How this person fills in a field."""
        field.fill(value)

    def chooses(self, label):
        """Mark the radio button that ``label`` stands beside."""
        self.press(self.page.get_by_role("radio", name=label, exact=True))

    def ticks(self, label):
        """Tick the box that ``label`` stands beside."""
        self.press(self.page.get_by_role("checkbox", name=label, exact=True))

    def field(self, label):
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}\s*(必須)?$"))

    def sees(self, *words):
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each, use_inner_text=True)

    def sees_in_order(self, *words):
        self.sees(*words)
        rest = self.text
        for each in words:
            before, found, rest = rest.partition(each)
            assert found, f"{each!r} does not follow:\n{before}"

    def does_not_see(self, *words):
        for each in words:
            assert each not in self.text, f"{each!r} is on the page:\n{self.text}"

    def can_press(self, words):
        return any(each.is_enabled() for each in self._pressable(words))

    @property
    def text(self):
        return " ".join(self.page.locator("body").inner_text().split())

    def signs_in_as(self, role):
        """Sign in to the admin."""
        self.opens("/admin/login/")
        self.page.fill("#id_username", STAFF[role])
        self.page.fill("#id_password", STAFF_PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert self.path == "/admin/", self.text

    def sideways(self):
        """What makes the page wider than its window; empty when nothing does."""
        return self.page.evaluate(_TOO_WIDE)

    def _pressable(self, words):
        named = [self.page.get_by_role(role, name=words, exact=True) for role in ("link", "button")]
        return [each for locator in named for each in locator.all() if each.is_visible()]

    def _one(self, words):
        expect(
            self.page.get_by_role("link", name=words, exact=True)
            .or_(self.page.get_by_role("button", name=words, exact=True))
            .first
        ).to_be_visible()
        found = [each for each in self._pressable(words) if each.is_enabled()]
        targets = {each.get_attribute("href") for each in found}
        assert len(targets) == 1, f"{len(targets)} ways to press {words!r} on:\n{self.text}"
        return found[0]

    def _watch(self, page):
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _heard(self, message):
        # That a page answers 409 is no fault; a missing file is told by _answered.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            self.complaints.append(f"{message.type} on the console: {message.text}")

    def _asked(self, request):
        if not request.url.startswith((self.origin + "/", "data:")):
            self.complaints.append(f"asked another server: {request.url}")

    def _answered(self, response):
        request = response.request
        if request.is_navigation_request():
            if not 300 <= response.status < 400:
                self.status = response.status
        elif response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


class ByKeyboard(Person):
    """Goes everywhere with Tab and Enter, and must see at every step where they are."""

    MOST_STEPS = 80

    def press(self, target):
        self._go_to(target)
        self.page.keyboard.press("Enter")

    def type_into(self, field, value):
        self._go_to(field)
        self.page.keyboard.type(value)

    def _go_to(self, target):
        wanted = target.element_handle()
        for _ in range(self.MOST_STEPS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self._look()
        raise AssertionError(f"Tab does not lead to {wanted} on:\n{self.text}")

    def _look(self):
        fault = self.page.evaluate(_FOCUS_FAULT)
        assert not fault, f"{fault} on {self.path}"


# What is wrong with how the focus shows, or "". An element that is hidden behind another, or
# outside the window, or has no outline, leaves people without a cursor.
_FOCUS_FAULT = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const name = element.outerHTML.slice(0, 120);
  const style = getComputedStyle(element);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) {
    return "no outline around " + name;
  }
  const box = element.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) {
    return "outside the window: " + name;
  }
  const top = document.elementFromPoint(x, y);
  const seen = top && (element.contains(top) || top.contains(element));
  return seen ? "" : "hidden: " + name;
}"""


class ByFinger(Person):
    """Taps on a phone."""

    def press(self, target):
        target.tap()
