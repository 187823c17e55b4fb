"""Reading what the domains keep beyond any case, one file or folder each."""
