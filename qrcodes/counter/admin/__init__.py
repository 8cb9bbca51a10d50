"""The counter in the staff's site."""
