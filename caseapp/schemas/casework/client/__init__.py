"""Input and output of persons on file (forms F1 and F3, domain.md 2.3 and 3.7)."""
