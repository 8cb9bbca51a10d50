"""Money that came in: settlements, reconciliation, the daily report."""
