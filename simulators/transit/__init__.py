"""Plays the Transit engine of HashiCorp Vault and OpenBao: keys that encrypt and decrypt and are never handed out."""

from .simulator import TransitSimulator

__all__ = ["TransitSimulator"]
