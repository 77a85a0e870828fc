"""What people see: the storefronts, with the elements that were seen on real ones, and plain admin pages."""

from makeready_pressero_emulator.pages import admin, checkout, static, store
from makeready_pressero_emulator.pages.render import error_page, is_page

__all__ = ["ENDPOINTS", "error_page", "is_page"]

ENDPOINTS = (*store.ENDPOINTS, *checkout.ENDPOINTS, *admin.ENDPOINTS, *static.ENDPOINTS)
