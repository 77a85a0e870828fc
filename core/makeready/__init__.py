"""Makeready joins web-to-print storefronts to print MIS: each order exactly once, whatever breaks."""

__version__ = "0.1.0"
