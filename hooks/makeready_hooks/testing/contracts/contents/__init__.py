"""What arrives at the vendor, and what is read from it: the same as the other side has."""
