"""A record as an accessible PDF for the case file.

Python decides what is said and in which order (`layout`, `build`), and hands it as plain data to one short Typst
template, which decides how it looks. No word of a record is ever markup.
"""

from service.documents.errors import DocumentError
from service.documents.maker import Rendered, TypstDocuments

__all__ = ["DocumentError", "Rendered", "TypstDocuments"]
