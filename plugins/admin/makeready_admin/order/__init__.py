"""One order: what happened, what to do, and everything that is known of it."""
