"""The one error this package raises."""


class EmbeddedServerError(RuntimeError):
    """A server could not be run; the message says what to do about it."""
