"""SQL of alerts."""
