"""The vendor's shapes and calls, written from its OpenAPI document."""
