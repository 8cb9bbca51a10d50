"""Steps on the way to a page, for a ``tests.visitor.Visitor`` or a ``tests.browser.person.Person``.

A way is a function of the person who goes it.
"""


def stay(person):
    """The page that signing in leads to."""


def opens(path):
    return lambda person: person.opens(path)


def opens_below(path):
    """An address below the one that is open."""
    return lambda person: person.opens(person.path + path)


def presses(*words):
    def way(person):
        for each in words:
            person.presses(each)

    return way


def selects(person, label, value):
    """Choose from a list; a browser chooses, a visitor only sends it."""
    if hasattr(person, "html"):
        person.fills(label, value)
    else:
        person.field(label).select_option(value)


def html_of(person):
    """The page that is open, as it was sent or as the browser has it now."""
    return person.html if hasattr(person, "html") else person.page.content()
