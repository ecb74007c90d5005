"""What officers do about deliveries and lanes: one verb a file, each through the domain's table, in one transaction.

Whatever is asked for twice is done once; what does not fit where things stand is refused with the table's own sentence.
"""
