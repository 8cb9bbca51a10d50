"""The applications of the demo world, and how a test brings one to a status."""
