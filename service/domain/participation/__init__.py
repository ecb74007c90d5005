"""What young people and carers say of the work with them, and what workers reflect on: records of their own."""
