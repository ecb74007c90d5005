"""The published OpenAPI: what each route says of itself, and the documents made of it.

`tells` stands beside each route. The document is made from the application's own addresses, guards and these, so that
nothing is published that is not there; a test notices what is there and not told.
"""

from service.api.openapi.operation import ANYTHING, Answer, Body, Operation, Parameter, tells

__all__ = ["ANYTHING", "Answer", "Body", "Operation", "Parameter", "tells"]
