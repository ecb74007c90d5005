"""Stand-ins for systems the bridge talks to, each independent of the bridge's own code."""
