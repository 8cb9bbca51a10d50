"""Running the portal: the night, health, checks, invariants."""
