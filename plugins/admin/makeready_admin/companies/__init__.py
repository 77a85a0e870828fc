"""All companies of an installation: who is in trouble, and what changed since yesterday."""
