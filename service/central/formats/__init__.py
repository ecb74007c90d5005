"""A release as files: from what is published to bytes, the same bytes each time.

Everything here is made of a catalogue and a release alone. It reads no database, no clock and no setting, so two
processes that serve one release send one and the same file.
"""
