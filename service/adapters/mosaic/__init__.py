"""Access Mosaic by workflow steps over HTTP."""
