"""Every call that leaves: client, call limits, downloads, the log of calls."""
