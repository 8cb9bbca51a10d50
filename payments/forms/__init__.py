"""What payers type: one module per corner. Every message says what to do, beside its field."""
