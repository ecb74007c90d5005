"""Pure rules about the records, with no input or output. Imports the standard library only."""
