"""The pages of 申請を行う."""
