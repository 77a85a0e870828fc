"""What a connector does on the line to its vendor, and what it makes of what comes back."""
