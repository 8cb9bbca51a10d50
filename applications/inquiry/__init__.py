"""Signing in to one's own application (状況照会ログイン)."""
