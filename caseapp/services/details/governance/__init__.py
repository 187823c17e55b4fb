"""Verbs of community governance: surveys, requests, meetings, partners, projects and what is delivered for a community."""
