"""An authority for practice: real profiles, published keys, believed by nobody but the demo."""
