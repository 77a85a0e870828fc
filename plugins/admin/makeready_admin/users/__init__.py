"""Users, sign-in, sessions."""
