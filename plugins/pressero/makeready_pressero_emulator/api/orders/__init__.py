"""Endpoints of the cart, orders, their files, workflows and shipments."""
