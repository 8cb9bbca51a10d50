"""Notices, refunds and the daily report in the staff's site."""
