"""What the domains read beyond any case, one file or folder each."""
