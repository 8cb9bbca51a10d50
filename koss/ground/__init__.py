"""What everything stands on: time, numbers, text, forms, lists. Knows no database table."""
