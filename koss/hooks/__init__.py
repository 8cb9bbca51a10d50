"""Webhooks: what changed is told to addresses that 一括利用者 have named (docs/api.md)."""
