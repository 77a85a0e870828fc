"""The use cases, each a story that reads from top to bottom. They know hooks, never a vendor."""
