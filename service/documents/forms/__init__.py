"""Blank forms on paper, from the same definitions as the records (domain model, 3.3-3.9 and G5).

`wise`, `rise` and `nwg` say which fields are on paper, in which order and with how much room; `boxes` turns a field
into tick boxes, date boxes or lines; `marks` says what has to be filled; one Typst template decides how it looks.
"""

from service.documents.forms.maker import Form, make, page_count
from service.documents.forms.references import paper_reference

__all__ = ["Form", "make", "page_count", "paper_reference"]
