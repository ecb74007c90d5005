"""Ways of telling the operator of an alarm: a webhook and electronic mail. Made from what the settings say."""

from service.adapters.notify.mail import MailChannel, read_mail
from service.adapters.notify.webhook import WebhookChannel, read_webhook

__all__ = ["MailChannel", "WebhookChannel", "read_mail", "read_webhook"]
