"""Access Mosaic by workflow steps over HTTP."""

from service.adapters.mosaic.schema import MOSAIC_SCHEMA
from service.adapters.mosaic.system import MosaicCaseSystem

__all__ = ["MOSAIC_SCHEMA", "MosaicCaseSystem"]
