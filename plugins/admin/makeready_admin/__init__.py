"""The pages for people: an extension of Makeready."""
