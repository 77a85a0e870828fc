"""The frame of every page: templates, forms, cookies."""
