"""Celery: a wake-up, not a record. Messages name a lane and mean "look now"; the database knows what is due."""
