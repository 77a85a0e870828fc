"""What goes on after a request: artwork, production, webhooks."""
