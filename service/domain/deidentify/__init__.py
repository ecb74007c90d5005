"""Warns, inside an authority, that a text seems to hold what identifies somebody. It makes no text anonymous.

Three tiers in one pass: shapes (`shapes`), words (`names`, `spread`), the names a record knows (`known`). A model
may be a fourth (`finder.Recogniser`). What is found is a place and a kind (`finding`), never a value, and it opens no
door. `shipped.find` looks through a text with the words that come with the product. `outgoing` needs none of it: it
looks through bytes that leave. Nothing is imported here, so that whoever needs one part gets no other.
"""
