"""The audit trail as an outsider can check it: entries, chain, checkpoints, findings, and plain words."""
