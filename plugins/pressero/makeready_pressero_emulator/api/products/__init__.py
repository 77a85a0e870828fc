"""Endpoints of products, calculators and stock."""
