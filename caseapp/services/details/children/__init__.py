"""Verbs of the work with children: mandatory reports, delegated care, contact and safety."""
