"""Subscribers: settings, secrets, checks of their connections, what is set up for them."""
