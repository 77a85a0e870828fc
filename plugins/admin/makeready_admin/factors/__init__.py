"""Second factors: apps that make codes, passkeys, recovery codes."""
