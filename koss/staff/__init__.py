"""The staff's site: its frame, its kit for screens, and the staff themselves."""
