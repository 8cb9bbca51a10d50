"""What costs how much, as ratios measured side by side in one run: ``make bench``.

``pairs`` declares what is measured, against which baseline and with which goal; every baseline is
shipped here. ``data`` builds the rows once, ``one`` measures one database at one size, ``report``
writes docs/performance.md. Nothing here belongs to the test suite.
"""
