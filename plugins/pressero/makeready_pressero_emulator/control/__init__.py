"""The control API under ``/_emulator/``: what tests, drivers and people use to steer the emulator."""

from makeready_pressero_emulator.control import generate, people, state

ENDPOINTS = (*state.ENDPOINTS, *people.ENDPOINTS, *generate.ENDPOINTS)
