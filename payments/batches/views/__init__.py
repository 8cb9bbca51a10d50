"""The screens of まとめ納付."""
