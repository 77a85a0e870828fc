"""The laboratory: demo, chaos, simulation, emulators. An extension of Makeready."""
