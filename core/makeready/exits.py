"""What a command's exit code says; see the end of ``makeready --help``."""

EXIT_FAILED, EXIT_USAGE, EXIT_CONFIG, EXIT_REFUSED, EXIT_LATER, EXIT_UNKNOWN = 1, 2, 3, 4, 5, 6
EXIT_INTERRUPTED = 130
