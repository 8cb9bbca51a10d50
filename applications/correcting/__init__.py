"""申請の補正: what an order opens is filled in, looked at, signed where it was, and sent."""
