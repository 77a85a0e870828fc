"""Who may use the JSON API, and what everybody did."""
