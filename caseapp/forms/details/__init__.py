"""Forms of the domains' details, one file each."""
