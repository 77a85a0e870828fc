"""Orders: from Pressero's items to ours, who ordered them, and their shipments."""
