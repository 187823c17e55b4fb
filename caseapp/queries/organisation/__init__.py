"""Reading the tree, accounts and grants."""
