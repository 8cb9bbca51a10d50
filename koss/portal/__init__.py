"""The portal's own pages, menus and news."""
