"""What needs attention: what waits for a person, what is wrong now, whether both sides are well."""
