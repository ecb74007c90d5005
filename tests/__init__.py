"""The suite. Real PostgreSQL, Valkey, SFTP and HTTP; nothing of our own is mocked."""
