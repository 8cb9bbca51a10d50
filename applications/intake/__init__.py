"""How an application comes in, and the official tables it is read by."""
