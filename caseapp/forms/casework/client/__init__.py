"""Forms of persons on file."""
