"""The records' structure as marshmallow schemas, built from the domain's field catalogue."""

from service.api.schemas.structure import structural_faults

__all__ = ["structural_faults"]
