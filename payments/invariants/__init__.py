"""What must hold of charges, numbers and money."""
