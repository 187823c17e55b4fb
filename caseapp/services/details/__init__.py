"""Verbs of the domains beyond any case, named after the domain; the only writers of their tables."""
