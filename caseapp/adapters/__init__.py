"""The outside world: keys, files, spreadsheets; no rules of the field."""
