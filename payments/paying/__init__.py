"""納付手続: from the press of 納付 to the bank and back."""
