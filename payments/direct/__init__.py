"""ダイレクト納付: accounts, and debits from them."""
