"""Liquidlogic LCS by file exchange over SFTP."""

from service.adapters.lcs.schema import LCS_SCHEMA
from service.adapters.lcs.system import LcsCaseSystem

__all__ = ["LCS_SCHEMA", "LcsCaseSystem"]
