"""操作手順: illustrated guides, declared as data, one module for what belongs together."""
