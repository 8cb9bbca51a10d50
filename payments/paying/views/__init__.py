"""The screens of paying."""
