"""Posting to the addresses that senders have given: by the same door as every other connection, and just as guarded."""

from service.adapters.webhooks.address import read_address
from service.adapters.webhooks.sender import WebhookSender

__all__ = ["WebhookSender", "read_address"]
