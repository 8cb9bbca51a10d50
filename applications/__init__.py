"""Applications: what is asked for, where it stands, what is owed for it, and who may move it on."""
