"""Verbs of social affairs, one file for each matter; what they share is in `rows` and `promises`."""
