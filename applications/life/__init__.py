"""The life of an application: the table of moves, what carries it out, what is owed and written."""
