"""Who is told of what has happened, and that each is told."""
