"""The only writers: verbs. They flush and never commit."""
