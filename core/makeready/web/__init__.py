"""The HTTP server and the frame of the JSON API; what they serve belongs to the rooms."""
