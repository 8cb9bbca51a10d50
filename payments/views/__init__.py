"""The screens of paying, one module for each group of them."""
