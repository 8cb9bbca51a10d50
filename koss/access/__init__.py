"""Who may come in: passwords and their locks, browsers, and what one browser has open."""
