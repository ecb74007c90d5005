"""Liquidlogic LCS by file exchange over SFTP."""
