"""Exploration with noise (cell key): off unless the deployment switches it on; the published tables stay free of it.

A contributor has a secret key, a cell the sum of its contributors' keys, and the key decides by how much its count is changed:
the same cell has the same answer in every question for ever. Answers are reckoned once for a release and stored.
"""
