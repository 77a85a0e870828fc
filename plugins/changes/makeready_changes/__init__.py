"""What changed at a vendor's, read by a cursor where it has one, beside webhooks and the comparison of periods."""
