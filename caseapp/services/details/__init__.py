"""Verbs of the domains beyond those of any case, one file or folder each."""
