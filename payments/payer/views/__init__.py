"""The screens of payment users."""
