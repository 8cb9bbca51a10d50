"""統計 of the staff's site: what was counted in a period, as a table, a chart and a file."""
