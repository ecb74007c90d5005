"""The commands of `wise-bridge`, one subject a file. Exit codes: 0 done, 1 refused or invalid, 2 could not be tried."""
