"""Papers that outside systems hold: asked for by 車台番号, until they are found or given up."""
