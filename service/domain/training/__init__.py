"""The training register: what is kept of an attendance, and whether a worker was trained on a day."""
