"""What can go wrong with a document."""

from service.errors import WiseBridgeError


class DocumentError(WiseBridgeError):
    """The document could not be made. The message is one of ours: the compiler's own would quote the record."""
