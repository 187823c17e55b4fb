"""Schemas of accounts, grants and the tree."""
