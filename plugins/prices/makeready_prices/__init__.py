"""What a buyer pays: asked of the MIS, kept, marked up, answered in time."""
