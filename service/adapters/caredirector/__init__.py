"""CareDirector v6 by case forms over REST."""
