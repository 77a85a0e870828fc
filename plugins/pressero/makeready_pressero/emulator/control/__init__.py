"""The control API under ``/_emulator/``: what tests, drivers and people use to steer the emulator."""

from makeready_pressero.emulator.control import generate, people, steering

ENDPOINTS = (*steering.ENDPOINTS, *people.ENDPOINTS, *generate.ENDPOINTS)
