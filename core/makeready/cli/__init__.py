"""The command line: a command parses, calls one flow, prints one thing."""
