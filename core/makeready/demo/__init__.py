"""The demonstration: the product's main job, over real HTTP, on emulators of both sides."""
