"""How what is owed is paid: payment numbers, and which charges stand under which."""
