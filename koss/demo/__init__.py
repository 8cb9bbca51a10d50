"""The demo: a world with published passwords, its page, and a clock that can be moved."""
