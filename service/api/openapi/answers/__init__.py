"""What routes answer with, as JSON Schemas, by resource. The tests hold every answer they see against them."""
