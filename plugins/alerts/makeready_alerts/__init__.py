"""People are told of what needs them, by mail and webhook: an extension of Makeready."""
