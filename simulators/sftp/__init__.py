"""What the simulators of file exchanges have in common: an SFTP server, folders, sets of files, an importer.

Nothing here knows what a manifest says; that is for the simulator of each exchange.
"""
