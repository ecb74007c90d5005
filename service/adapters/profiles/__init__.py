"""An authority's profile: which connector, where, under which form and code names, and how often it reviews."""

from service.adapters.profiles.loader import load_profile, load_profiles
from service.adapters.profiles.model import Delivery, Documents, Profile, RecordTarget, Review
from service.adapters.profiles.references import Vault, resolve
from service.adapters.profiles.schema import ConnectorSchema, Setting

__all__ = [
    "ConnectorSchema",
    "Delivery",
    "Documents",
    "Profile",
    "RecordTarget",
    "Review",
    "Setting",
    "Vault",
    "load_profile",
    "load_profiles",
    "resolve",
]
