"""The whole story, told on emulators."""
