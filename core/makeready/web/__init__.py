"""The web edge: webhooks, prices, health. Each request ends in one flow."""
