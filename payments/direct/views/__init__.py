"""The screens of direct payment."""
