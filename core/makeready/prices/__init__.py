"""What a buyer pays: asked of the MIS, cached, marked up, answered in time."""
