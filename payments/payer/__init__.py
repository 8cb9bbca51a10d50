"""Payment users: IDs, passwords, my page, and the signed まとめ納付管理ファイル."""
