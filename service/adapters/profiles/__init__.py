"""An authority's profile: which connector, where, under which form and code names, and how often it reviews."""

from service.adapters.profiles.loader import load_profiles
from service.adapters.profiles.model import Delivery, Profile, RecordTarget, Review
from service.adapters.profiles.references import resolve
from service.adapters.profiles.schema import ConnectorSchema, Setting

__all__ = [
    "ConnectorSchema",
    "Delivery",
    "Profile",
    "RecordTarget",
    "Review",
    "Setting",
    "load_profiles",
    "resolve",
]
