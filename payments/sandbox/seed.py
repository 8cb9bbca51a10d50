"""The customers that everybody finds on first start. What was changed since then stays."""

from payments.sandbox.banks import BANKS
from payments.sandbox.models import Account, RegisteredAccount

# (branch, type, end of the number, holder, kana, what to see with it, balance, daily limit)
_OFFICE = ("軽自行政書士事務所", "ケイジギヨウセイシヨシジムシヨ")
_TARO = ("軽自　太郎", "ケイジ タロウ")
_CUSTOMERS = (
    ("002", "ordinary", "1", *_OFFICE, "残高も限度額も十分です", 50_000_000, 20_000_000),
    ("001", "ordinary", "2", *_TARO, "残高が足りません", 500, 20_000_000),
    ("001", "ordinary", "3", *_TARO, "一日の取扱限度額が低い口座です", 50_000_000, 1_000),
)
# The portal's demo begins with this account registered for debits.
_REGISTERED = "01011000001"


def make_customers():
    """One account of every customer at every bank."""
    for bank in BANKS:
        for branch, kind, end, holder, kana, shows, balance, limit in _CUSTOMERS:
            number = f"100000{end}"
            Account.objects.get_or_create(
                customer_number=f"{bank}{number}",
                defaults={
                    "bank": bank,
                    "branch": branch,
                    "account_type": kind,
                    "number": number,
                    "holder": holder,
                    "holder_kana": kana,
                    "shows": shows,
                    "balance": balance,
                    "daily_limit": limit,
                },
            )
    RegisteredAccount.objects.get_or_create(
        reference="demo", defaults={"account": Account.objects.get(customer_number=_REGISTERED)}
    )
