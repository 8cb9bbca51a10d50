"""What a payment user follows: 申請一覧, the calendar of its deadlines, one mail in the morning."""
