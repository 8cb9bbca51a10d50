"""申請を行う: an application made on the screen, from its first answer to its receipt number."""
