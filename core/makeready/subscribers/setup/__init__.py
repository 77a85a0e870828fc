"""What is set up and checked in the vendors' accounts of a subscriber."""
