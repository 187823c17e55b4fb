"""Reading people on file, cases and visits."""
