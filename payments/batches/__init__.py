"""まとめ納付: choosing, the batches of a payer, withdrawing one."""
