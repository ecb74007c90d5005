"""Officers: held, replayed, paused and stopped; over the real store, routes, workers and command line."""
