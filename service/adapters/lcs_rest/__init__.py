"""Liquidlogic LCS over HTTP: wholly assumed, so that every word of it can be changed by a profile."""
