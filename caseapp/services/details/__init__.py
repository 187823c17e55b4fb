"""Verbs of the domains' own, one file or folder each."""
