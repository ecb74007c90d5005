"""The profiles that hold now: an authority's live version where there is one, its file otherwise."""

from service.live.bundles import bundle_of, profile_from, unpack
from service.live.following import LiveProfiles, Made

__all__ = ["LiveProfiles", "Made", "bundle_of", "profile_from", "unpack"]
