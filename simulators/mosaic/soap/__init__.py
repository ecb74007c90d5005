"""The SOAP binding of the simulated Mosaic, written from its protocol page and WSDL alone."""

from .calls import operation_named, reads
from .endpoint import SOAP, soap_blueprint
from .hostile import bad_xml
from .security import UsernameTokens

__all__ = ["SOAP", "UsernameTokens", "bad_xml", "operation_named", "reads", "soap_blueprint"]
