"""Each safety rule taken out of a private copy of the service, to show that the tests would see it."""
