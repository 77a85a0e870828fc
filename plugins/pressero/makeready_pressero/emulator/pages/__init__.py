"""What people see: the storefronts, with the elements that were seen on real ones, and plain admin pages."""

from makeready_pressero.emulator.pages import admin, checkout, static, store

ENDPOINTS = (*store.ENDPOINTS, *checkout.ENDPOINTS, *admin.ENDPOINTS, *static.ENDPOINTS)
