"""The copies of a record for those who are not the case file: what stands where, and in which words."""
