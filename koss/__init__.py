"""The portal itself: what belongs to no single area, and the composition of all of them."""
