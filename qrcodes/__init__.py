"""QR codes: what fetches a new certificate at the counter."""
