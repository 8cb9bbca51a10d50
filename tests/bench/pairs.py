"""What is measured, against what, and what it shall be."""

from tests.bench import nights, others, pages, sets
from tests.bench.measure import Pair

EMPTY = "an empty page, same middleware"
INDEX = "the staff's first page"
# Each filter of the staff's list alone, as a link of it has it.
FILTERS = {
    "all": "",
    "mine": "?work=mine",
    "taxes not paid in time": "?work=unpaid_tax",
    "deadline over": "?deadline=over",
    "deadline in 3 days": "?deadline=3",
    "no deadline": "?deadline=none",
    "waits for 8 days": "?since=8",
    "applied in 7 days": "?applied=7",
    "one office": "?office=1",
    "one status": "?status__exact=in_review",
    "one procedure": "?procedure__exact=new_vehicle",
    "one way to pay": "?payment_method__exact=batch",
}

PAIRS = (
    Pair(
        "status page, another one each time", EMPTY, 0.33, pages.status_pages, rate=True, grows=True
    ),
    Pair("status page, the same again", EMPTY, 0.5, pages.same_status_page, rate=True),
    Pair("status page", "plain-Django twin", 3.5, pages.against_the_twin, rate=True),
    Pair("top page", EMPTY, 0.5, pages.same_for_everybody("/"), rate=True),
    Pair("FAQ", EMPTY, 0.5, pages.same_for_everybody("/faq/"), rate=True),
    Pair("the night's moves", "SQL by hand, same rows", 1.2, nights.moves_of_a_night, grows=True),
    Pair("a set by the interface", "bulk load of its rows", 400, sets.set_of_applications()),
    Pair(
        "a set, hashes on both sides",
        "hashes and bulk load",
        3,
        sets.set_of_applications(hashed=True),
        grows=True,
    ),
    *(
        Pair(f"staff's list: {name}", INDEX, 5, pages.admin_list(query), grows=True)
        for name, query in FILTERS.items()
    ),
    Pair("staff's search by name, ms", "", 50, pages.admin_search_by_name, grows=True),
    Pair(
        "an office's list, deep inside", "its first page", 1.3, pages.page_of_an_office, grows=True
    ),
    Pair("hash of a sign-in", "Django's default hash", 0.1, others.hash_of_a_login),
    Pair("symbol as PNG", "qrcode as it comes", 0.2, others.symbol_as_png),
)
