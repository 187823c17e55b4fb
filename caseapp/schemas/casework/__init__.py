"""Schemas of people on file, cases and visits."""
