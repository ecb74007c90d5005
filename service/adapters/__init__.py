"""Ways into case systems: profiles, the mapping engine, and one folder per kind of system."""
