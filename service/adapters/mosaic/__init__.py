"""Access Mosaic by workflow steps, over REST or over SOAP."""
