"""What staff screens of all apps are built from."""
