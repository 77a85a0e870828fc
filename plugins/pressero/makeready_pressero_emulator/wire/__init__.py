"""What goes over the wire: bodies, filters and files that come in, answers that go out."""
