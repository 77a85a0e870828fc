"""Buyers are warned on a shop's pages: an extension of Makeready."""
