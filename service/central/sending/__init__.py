"""Sending published files: what is to be sent where, and the bytes, made as they are when they are pulled."""
