"""Verbs on people on file, cases and visits."""
