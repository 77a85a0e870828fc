"""The state file: one writer, readers beside it, migrations."""
