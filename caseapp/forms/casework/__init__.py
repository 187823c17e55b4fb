"""Forms of people on file, cases and visits."""
