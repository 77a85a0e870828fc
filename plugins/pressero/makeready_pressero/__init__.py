"""The connector between Makeready and Pressero."""
