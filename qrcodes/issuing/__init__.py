"""Issuing a code: forms, screens, symbol."""
