"""What staff may see and do with applications, and how they find them."""
