"""What the staff's screens of payments share."""
