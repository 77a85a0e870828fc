"""Signing in through an identity provider (OpenID Connect), where an operator has set one."""
