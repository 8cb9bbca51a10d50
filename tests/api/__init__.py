"""The bulk interface."""
