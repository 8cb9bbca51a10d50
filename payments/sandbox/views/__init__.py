"""The bank's screens."""
