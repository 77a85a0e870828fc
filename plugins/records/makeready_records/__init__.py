"""What was kept for long is compressed, and deleted by rule."""
