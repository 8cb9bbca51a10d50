"""What is typed on the pages of 申請を行う."""
