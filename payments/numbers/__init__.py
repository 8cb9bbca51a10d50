"""Payment numbers: taking them, what stands under them, and letting it go."""
