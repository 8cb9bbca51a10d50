"""Payment users in the staff's site."""
