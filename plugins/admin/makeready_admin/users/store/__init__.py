"""SQL of users and their sessions."""
