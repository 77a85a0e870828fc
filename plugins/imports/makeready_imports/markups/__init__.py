"""The mark-up of products in a shop: as people write it, planned for those that are there, changed."""
