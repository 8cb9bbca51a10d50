"""The demo world's payment users, and paying by the true rules."""
