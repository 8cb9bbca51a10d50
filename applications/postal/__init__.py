"""Postal codes: the address behind one, from a compact table that ships with the portal."""
