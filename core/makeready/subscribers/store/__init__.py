"""SQL of subscribers, their settings and secrets."""
