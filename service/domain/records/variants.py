"""The same field, where one record asks for it and another only allows it, or from a certain edition on."""

from dataclasses import replace
from typing import TypeVar

from service.domain.fields import Field

AnyField = TypeVar("AnyField", bound=Field)


def required(field: AnyField) -> AnyField:
    """The field, as one that must be there."""
    return replace(field, required=True)


def optional(field: AnyField) -> AnyField:
    """The field, as one that may be left out."""
    return replace(field, required=False)


def since(edition: str, field: AnyField) -> AnyField:
    """The field, as one that came with `edition`."""
    return replace(field, since=edition)
