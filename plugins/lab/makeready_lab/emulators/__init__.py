"""Emulators of vendors, found and run."""
