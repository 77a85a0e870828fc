"""SQL of the alerts: what was sent, what waits for attention, counts."""
