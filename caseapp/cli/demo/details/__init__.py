"""What each service domain tells the demo, one file each."""
