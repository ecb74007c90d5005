"""The commands of `wise-bridge`."""
