"""What several tests need: servers, a service built from its real wiring, records, waiting."""
