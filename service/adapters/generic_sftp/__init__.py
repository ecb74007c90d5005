"""Any system that takes sets of files over SFTP, and any document system that takes documents so."""
