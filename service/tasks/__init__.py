"""Celery: a wake-up, not a record. Messages carry an id and mean "look now"; the database knows what is due."""
