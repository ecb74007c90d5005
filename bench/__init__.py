"""Measurements. Nothing here passes or fails: it prints what this machine did."""
