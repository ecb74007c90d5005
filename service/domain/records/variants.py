"""The same group of fields, where one record asks for it and another only allows it."""

from dataclasses import replace

from service.domain.fields import Group


def required(group: Group) -> Group:
    """The group, as one that must be there."""
    return replace(group, required=True)
