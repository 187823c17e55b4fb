"""Verbs on the tree, accounts and grants."""
