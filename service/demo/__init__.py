"""The whole thing on one machine: real servers from their wheels, simulators, every process of the service."""
