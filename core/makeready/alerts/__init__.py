"""What people have to know: problems found, alerts sent, what waits for attention."""
