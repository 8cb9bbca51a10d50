"""The counter: finding a code, judging it, handing over."""
