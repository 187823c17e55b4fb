"""Forms of accounts, grants and the tree."""
