"""The sandbox bank: a program of its own, with its own data, that plays banks and cash machines.

It shares nothing with the portal but docs/bank.md: no module, no table, no session. No real money.
"""
