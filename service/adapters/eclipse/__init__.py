"""Eclipse by form instances over REST."""
