"""Whether a request that changes something comes from a page of ours: a browser says so, and a page cannot make it lie.

`Origin: null` is what a browser sends where it was told not to say; then the other header has to.
"""

from __future__ import annotations

from flask import request

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_ours(public_url: str) -> bool:
    """`public_url` is this side's address as people know it; empty where it is only ever on this machine."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site is not None and site != "same-origin":
        return False
    if origin == "null":
        return site is not None
    return origin == (public_url or request.host_url).rstrip("/")
